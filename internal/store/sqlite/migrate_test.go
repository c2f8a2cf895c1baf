package sqlite

import (
	"fmt"
	"path/filepath"
	"testing"

	"toban/internal/store"
)

// TestOlderFile: what the first version wrote is still read, and written to.
func TestOlderFile(t *testing.T) {
	dir := t.TempDir()
	script(t, filepath.Join(dir, FileName), migrations[0], fmt.Sprintf("PRAGMA application_id=%d", applicationID), "PRAGMA user_version=1",
		`INSERT INTO runs VALUES (1, 'r1', 'p', 'tab', 'Tab', 'rev', 'src', 'key', 'old', 'running', '', '', 0, 1, NULL)`,
		`INSERT INTO journal VALUES (1, 1, x'0102')`)
	s := openT(t, dir)
	old, records, err := s.Run(t.Context(), "r1")
	if err != nil || old.Title != "old" || old.Parent != "" || len(records) != 1 || len(records[0].Data) != 2 {
		t.Fatalf("%+v, %v, %v", old, records, err)
	}
	child := store.Run{ID: "r2", Parent: "r1", Status: "done", StartedAt: old.StartedAt}
	if err := s.Commit(t.Context(), &store.Cut{Runs: []store.RunWrite{{Run: old}, {Run: child}}}); err != nil {
		t.Fatal(err)
	}
	if runs, err := s.Runs(t.Context(), store.RunFilter{Parent: "r1"}); err != nil || len(runs) != 1 || runs[0] != child {
		t.Errorf("%+v, %v", runs, err)
	}
}
