package command

import (
	"context"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestWhereQuotedWordsMayStand(t *testing.T) {
	for _, test := range []struct {
		before string
		free   bool
	}{
		{"", true},
		{"echo ", true},
		{"a=", true},
		{"--name=", true},
		{"echo 'a' ", true},
		{`echo "it's" `, true},
		{`echo \' `, true},
		{"echo # comment\n", true},
		{"echo a#b ", true},
		{"(cd /tmp; echo ", true},
		{"x=$(echo ", true},
		{`x="$(echo `, true},
		{"echo $(a)#b", true},
		{"echo `a` ${x}", true},
		{"echo a \\\n ", true},
		{"echo '", false},
		{`echo "`, false},
		{`echo "$(a) `, false},
		{"echo `", false},
		{"echo `'` '", false},
		{`echo \`, false},
		{"echo $", false},
		{"echo $'", false},
		{`echo $'\'' `, false},
		{"echo # ", false},
		{"echo #'\n '", false},
		{"echo a \\\n#'\n '", false},
		{"cat <<E\n", false},
		{"cat <<'E'\n", false},
		{"echo ${x:-", false},
		{"echo $((1+", false},
		{"((x=", false},
	} {
		var q quoting
		q.feed(test.before)
		if q.free() != test.free {
			t.Errorf("after %q: %v", test.before, !test.free)
		}
	}
}

// TestNothingEscapes writes hostile values behind random shell text, wherever
// quoteMarked takes them, and lets real shells run it: no value may come to life.
func TestNothingEscapes(t *testing.T) {
	shells := []string{"sh", "bash"}
	pieces := []string{"a", "b", " ", " ", "'", `"`, "`", "$", "(", ")", "{", "}", "#", `\`, "\n", ";", "<<E", "${x}", "$(", "echo ", "E", "=", "&&", "|"}
	random := rand.New(rand.NewPCG(1, 2))
	accepted := 0
	for range 300 {
		var before strings.Builder
		for range random.IntN(12) {
			before.WriteString(pieces[random.IntN(len(pieces))])
		}
		dir := t.TempDir()
		bait := filepath.Join(dir, "bait")
		for _, value := range baits(bait) {
			text, err := quoteMarked(before.String() + "\x00" + value + "\x00\n")
			if err != nil {
				break
			}
			accepted++
			for _, shell := range shells {
				run(t, shell, dir, text)
				if _, err := os.Stat(bait); err == nil {
					t.Fatalf("%s ran %q behind %q", shell, value, before.String())
				}
			}
		}
	}
	if accepted < 150 {
		t.Errorf("only %d texts were accepted: the test proves little", accepted)
	}
}

// baits are values of which one would make the file in whatever context they land.
func baits(file string) []string {
	return []string{
		"; touch " + file + "; ",
		"'; touch " + file + "; '",
		"\n touch " + file + "\n\"$(touch " + file + ")`touch " + file + "`\\",
	}
}

func run(t *testing.T, shell, dir, text string) {
	t.Helper()
	if _, err := exec.LookPath(shell); err != nil {
		t.Skipf("%s is not installed", shell)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, shell, "-c", text)
	cmd.Dir = dir
	_ = cmd.Run() // most of these texts fail, as they should
}

func FuzzQuoteMarked(f *testing.F) {
	for _, seed := range []string{"", "echo ", "echo '", "echo `", "\x00", "a\x00b\x00c", "<<E", "$(\"$("} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		out, err := quoteMarked(text)
		if err == nil && strings.Contains(out, "\x00") {
			t.Errorf("%q left a NUL: %q", text, out)
		}
	})
}
