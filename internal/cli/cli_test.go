package cli

import (
	"bytes"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"toban/internal/locale"
)

// result is what a command line did.
type result struct {
	code           int
	stdout, stderr string
}

// command runs a command line in a language with a text on stdin.
func command(t *testing.T, lang locale.Lang, stdin string, args ...string) result {
	t.Helper()
	var out, errs bytes.Buffer
	code := Run(t.Context(), args, Env{Stdin: strings.NewReader(stdin), Stdout: &out, Stderr: &errs, Lang: lang})
	return result{code, out.String(), errs.String()}
}

func TestHelpInBothLanguages(t *testing.T) {
	for lang, want := range map[locale.Lang]string{locale.EN: "Usage: toban <command>", locale.JA: "使い方: toban <command>"} {
		for _, args := range [][]string{nil, {"--help"}} {
			got := command(t, lang, "", args...)
			if got.code != exitOK || !strings.HasPrefix(got.stdout, want) {
				t.Errorf("%v in %s: exit code %d, printed\n%s", args, lang, got.code, got.stdout)
			}
		}
	}
}

// Help fits a terminal, names every flag's meaning, and holds no unfilled place.
func TestHelpOfEveryCommand(t *testing.T) {
	for _, lang := range []locale.Lang{locale.EN, locale.JA} {
		for _, path := range leaves(t) {
			got := command(t, lang, "", append(path, "--help")...)
			if got.code != exitOK {
				t.Errorf("%v: exit code %d, %s", path, got.code, got.stderr)
			}
			for line := range strings.Lines(got.stdout) {
				line = strings.TrimRight(line, "\n")
				if locale.Columns(line) > lineWidth {
					t.Errorf("%v in %s: %d columns: %s", path, lang, locale.Columns(line), line)
				}
				if strings.Contains(line, "${") || strings.Contains(line, "cli.") {
					t.Errorf("%v in %s: %s", path, lang, line)
				}
			}
			if lang == locale.JA && strings.Contains(got.stdout, "Print this help") {
				t.Errorf("%v: English help in Japanese", path)
			}
		}
	}
}

// leaves lists all commands as they are typed.
func leaves(t *testing.T) [][]string {
	t.Helper()
	var g grammar
	parser, err := kong.New(&g, kong.Name("toban"), helpVars(locale.EN))
	if err != nil {
		t.Fatal(err)
	}
	var paths [][]string
	for _, leaf := range parser.Model.Leaves(true) {
		var path []string
		for n := leaf; n.Type == kong.CommandNode; n = n.Parent {
			path = append([]string{n.Name}, path...)
		}
		paths = append(paths, path)
	}
	return paths
}

func TestBadCommandLines(t *testing.T) {
	for _, args := range [][]string{{"dance"}, {"runs"}, {"runs", "ls", "--status", "odd"}, {"check", "--nope", "x"}} {
		got := command(t, locale.JA, "", args...)
		if got.code != exitUsage || !strings.Contains(got.stderr, "toban --help") || got.stdout != "" {
			t.Errorf("%v: exit code %d, %q, %q", args, got.code, got.stdout, got.stderr)
		}
	}
}

func TestVersion(t *testing.T) {
	if got := command(t, locale.EN, "", "--version"); got.code != exitOK || !strings.HasPrefix(got.stdout, "toban ") {
		t.Errorf("%+v", got)
	}
}

func TestBridgeEndsWithItsInput(t *testing.T) {
	got := command(t, locale.EN, `{"id":1,"op":"hello"}`, "bridge")
	want := `{"id":1,"result":{"name":"toban","protocol":1}}` + "\n"
	if got.code != exitOK || got.stdout != want {
		t.Errorf("%+v", got)
	}
}
