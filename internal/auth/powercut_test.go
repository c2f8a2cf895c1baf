package auth

import (
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"testing"

	"toban/internal/atomicfile"
	"toban/internal/locale"
	"toban/internal/testparts/powercut"
)

// warnings fails a test when something is logged.
type warnings struct{ t *testing.T }

func (w warnings) Write(text []byte) (int, error) {
	w.t.Errorf("logged: %s", text)
	return len(text), nil
}

// who gives the users of a folder, and whose each token is.
func who(t *testing.T, dir string, tokens []string) string {
	t.Helper()
	k, err := Open(Options{Dir: dir, Lang: locale.EN, Log: slog.New(slog.NewTextHandler(warnings{t}, nil))})
	if err != nil {
		t.Fatalf("the folder can't be opened: %v", err)
	}
	text := ""
	for _, u := range k.Users() {
		text += fmt.Sprintf("%s %s %t; ", u.Name, u.Role, u.Password)
	}
	for _, token := range tokens {
		text += person(k, token).Name + ","
	}
	return text
}

// TestPowerCutAmongUsers: whenever the power goes, users and sessions are the old
// or the new ones, a session is nobody else's, and what was confirmed stays.
func TestPowerCutAmongUsers(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	must(t, atomicfile.MakeFolder(dir, 0o700))
	record := powercut.Record(t, dir)
	k := open(t, dir, "")
	tokens := make([]string, 3)
	var err error
	steps := []func(){
		func() { tokens[0], err = k.SetUp(k.SetupToken(), adminPassword); must(t, err) },
		func() { must(t, k.Add("bot", Viewer, "")) },
		func() { tokens[1], err = k.NewToken("bot"); must(t, err) },
		func() { tokens[2] = signIn(t, k, AdminName, adminPassword) },
		func() { k.SignOut(tokens[2]) },
		func() { must(t, k.Remove("bot")) },
		func() { must(t, k.Add("bot", Admin, "")) }, // another one of the same name
		func() { must(t, k.SetPassword(AdminName, adminPassword+"!")) },
	}
	seen := [][]string{slices.Clone(tokens)} // what was known at each step
	want := []string{who(t, dir, tokens)}
	for _, step := range steps {
		step()
		record.Step()
		seen, want = append(seen, slices.Clone(tokens)), append(want, who(t, dir, tokens))
	}
	states := record.Each(t, func(s powercut.State) {
		got := who(t, s.Dir, seen[s.Done])
		if got != want[s.Done] && (!s.Doing || who(t, s.Dir, seen[s.Done+1]) != want[s.Done+1]) && !between(s, got) {
			t.Errorf("after %s, %d steps done: %s\nwant %s", s.After, s.Done, got, want[s.Done])
		}
	})
	t.Logf("%d states", states)
	if states < 80 {
		t.Errorf("only %d states were tried", states)
	}
}

// between reports whether a state is the set-up's middle: the admin has the
// password, the session that came with it isn't written yet.
func between(s powercut.State, got string) bool {
	return s.Doing && s.Done == 0 && got == "admin admin true; ,,,"
}
