package flowstore

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"toban/internal/atomicfile"
	"toban/internal/flow"
	"toban/internal/testparts/powercut"
)

// deploys is a history of flow files whose credentials change with them: a host
// that moves and gets another password, nodes that come and go.
var deploys = []string{
	`[{"id":"m","type":"e-mail in","server":"a.example","credentials":{"userid":"u","password":"for-a"}}]`,
	`[{"id":"m","type":"e-mail in","server":"b.example","credentials":{"userid":"u","password":"for-b"}}]`,
	`[{"id":"m","type":"e-mail in","server":"b.example"},{"id":"n","type":"e-mail in","server":"n.example","credentials":{"password":"for-n"}}]`,
	`[{"id":"n","type":"e-mail in","server":"n.example"}]`,
	`[{"id":"n","type":"e-mail in","server":"n.example","credentials":{"password":"for-n-2"}}]`, // the file stays as it is
	`[]`,
}

// content is what a store gives: the file and everybody's password.
func content(t *testing.T, dir, secret string) string {
	t.Helper()
	s, err := Open(dir, secret, types())
	if err != nil {
		t.Fatalf("the folder can't be opened: %v", err)
	}
	file, err := s.Load()
	if err != nil {
		t.Fatalf("the flow file can't be read: %v", err)
	}
	return string(file.JSON()) + " m:" + s.Credential("m", "password") + " n:" + s.Credential("n", "password")
}

// TestPowerCutWhileDeploying: whenever the power goes, the flow file that is
// there is the old or the new one, with its own credentials and no others.
func TestPowerCutWhileDeploying(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	record := powercut.Record(t, dir)
	s := open(t, dir, "")
	want := []string{content(t, dir, "")}
	for _, text := range deploys {
		save(t, s, text)
		record.Step()
		want = append(want, content(t, dir, ""))
	}
	states := record.Each(t, func(state powercut.State) {
		got := content(t, state.Dir, "")
		if got != want[state.Done] && (!state.Doing || got != want[state.Done+1]) {
			t.Errorf("after %s, %d deploys done: %s", state.After, state.Done, got)
		}
		again := open(t, state.Dir, "") // and the next deploy is one as any other
		save(t, again, deploys[1])
		if got := content(t, state.Dir, ""); got != want[2] {
			t.Errorf("after %s and another deploy: %s", state.After, got)
		}
	})
	t.Logf("%d states", states)
	if states < 100 {
		t.Errorf("only %d states were tried", states)
	}
}

// TestEveryWriteMayFail: whichever operation of the disk fails, the old file and
// its credentials are still what counts, in memory and at the next start.
func TestEveryWriteMayFail(t *testing.T) {
	broken := errors.New("the disk is broken")
	for nth := range 100 {
		dir := t.TempDir()
		s := open(t, dir, "")
		save(t, s, deploys[0])
		before := content(t, dir, "")
		n := 0
		stop := atomicfile.Watch(func(op atomicfile.Op) error {
			if n++; n == nth+1 {
				return broken
			}
			return nil
		})
		saved, err := s.Save(parse(t, deploys[1]))
		stop()
		if n <= nth { // all of them had their turn
			if nth < 10 {
				t.Errorf("a deploy takes only %d operations", nth)
			}
			return
		}
		after, want := content(t, dir, ""), before
		if err == nil { // only the old credentials could not be thrown away
			want = strings.ReplaceAll(strings.ReplaceAll(before, "a.example", "b.example"), "for-a", "for-b")
			if saved.File.Revision() == (&flow.File{}).Revision() {
				t.Errorf("operation %d: no file was saved", nth)
			}
		}
		if after != want {
			t.Errorf("operation %d failed (%v): %s", nth, err, after)
		}
		if got := s.Credential("m", "password"); !strings.Contains(after, got) || got == "" {
			t.Errorf("operation %d: the password in memory is %q, the disk has %s", nth, got, after)
		}
	}
}

// TestUndo: what a deploy replaced is there again, to the byte.
func TestUndo(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, "")
	empty := content(t, dir, "")
	saved, err := s.Save(parse(t, deploys[0]))
	if err == nil {
		err = saved.Undo()
	}
	if got := content(t, dir, ""); err != nil || got != empty {
		t.Errorf("back to nothing: %s, %v", got, err)
	}
	path := filepath.Join(dir, flowsName)
	if err := os.WriteFile(path, []byte(" [ ] \n"), 0o600); err != nil { // as somebody's own editor left it
		t.Fatal(err)
	}
	if saved, err = s.Save(parse(t, deploys[0])); err == nil {
		err = saved.Undo()
	}
	if text, _ := os.ReadFile(path); err != nil || string(text) != " [ ] \n" {
		t.Errorf("back to %q, %v", text, err)
	}
	if got := s.Credential("m", "password"); got != "" {
		t.Errorf("the password of a deploy that was undone is %q", got)
	}
}
