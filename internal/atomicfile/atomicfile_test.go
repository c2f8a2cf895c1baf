package atomicfile

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

func TestWriteReplaces(t *testing.T) {
	path := filepath.Join(t.TempDir(), "flows.json")
	for _, text := range []string{"first, and longer", "second"} {
		if err := Write(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if got, _ := os.ReadFile(path); string(got) != text {
			t.Errorf("the file holds %q, want %q", got, text)
		}
	}
	if info, _ := os.Stat(path); runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v", info.Mode())
	}
	onlyFile(t, path)
}

func TestWriteThatFailsLeavesTheOldFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "busy")
	// A folder that isn't empty can't be replaced by a file.
	if err := os.MkdirAll(filepath.Join(path, "inside"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := Write(path, []byte("x"), 0o600); err == nil {
		t.Fatal("no error")
	}
	onlyFile(t, path)
	if err := Write(filepath.Join(dir, "no such folder", "f"), nil, 0o600); err == nil {
		t.Error("no error for a folder that isn't there")
	}
}

// onlyFile fails if something else, such as a temporary file, lies beside path.
func onlyFile(t *testing.T, path string) {
	t.Helper()
	entries, _ := os.ReadDir(filepath.Dir(path))
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if got := strings.Join(names, " "); got != filepath.Base(path) {
		t.Errorf("the folder holds %s", got)
	}
}

// TestSweep: what a cut left goes; what somebody may still be writing, and what
// isn't ours, stays.
func TestSweep(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "flows.json")
	stop := Watch(func(op Op) error { // the process dies before the rename, so nothing is tidied up
		if op.Kind == Renamed || op.Kind == Removed {
			return os.ErrClosed
		}
		return nil
	})
	if err := Write(path, []byte("x"), 0o600); err == nil {
		t.Error("no error")
	}
	stop()
	for _, name := range []string{"flows.json", ".part-of-mine", ".part-AAAAAAAAAAAAAAAAAAAAAAAAA1"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	count := func() int {
		entries, _ := os.ReadDir(dir)
		return len(entries)
	}
	if Sweep(dir); count() != 4 {
		t.Errorf("%d files are left; the new one may be somebody's", count())
	}
	old := time.Now().Add(-2 * time.Hour)
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		if err := os.Chtimes(filepath.Join(dir, e.Name()), old, old); err != nil {
			t.Fatal(err)
		}
	}
	if Sweep(dir); count() != 3 {
		t.Errorf("%d files are left", count())
	}
}
