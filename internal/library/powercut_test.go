package library

import (
	"errors"
	"path/filepath"
	"testing"

	"toban/internal/atomicfile"
	"toban/internal/testparts/powercut"
)

// TestPowerCutWhileSaving: an entry is the old one, the new one, or not there if
// it was new; its folders are there with it.
func TestPowerCutWhileSaving(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	if err := atomicfile.MakeFolder(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	record := powercut.Record(t, dir)
	l := New(filepath.Join(dir, "lib"))
	texts := []string{"", "one", "a second, longer one"}
	for _, text := range texts[1:] {
		save(t, l, "functions", "aws/ec2/停止.js", text)
		record.Step()
	}
	states := record.Each(t, func(s powercut.State) {
		got, err := New(filepath.Join(s.Dir, "lib")).Get("functions", "aws/ec2/停止.js")
		if errors.Is(err, ErrNotFound) {
			got, err = Entry{}, nil
		}
		if err != nil || got.Text != texts[s.Done] && (!s.Doing || got.Text != texts[s.Done+1]) {
			t.Errorf("after %s, %d saved: %q, %v", s.After, s.Done, got.Text, err)
		}
		save(t, New(filepath.Join(s.Dir, "lib")), "functions", "aws/ec2/停止.js", "next")
	})
	t.Logf("%d states", states)
	if states < 15 {
		t.Errorf("only %d states were tried", states)
	}
}
