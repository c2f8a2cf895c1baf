package sqlite

import (
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"

	"toban/internal/locale"
)

// TestFullDisk fills a real file system of 3 MB, makes room, and goes on.
func TestFullDisk(t *testing.T) {
	dir := t.TempDir()
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, "size=3m"); err != nil {
		t.Skipf("a small file system can't be mounted here (%v); TestFailedCommit covers it with SQLite's own limit", err)
	}
	t.Cleanup(func() { _ = unix.Unmount(dir, unix.MNT_DETACH) })
	ballast := filepath.Join(dir, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 1<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	s := openT(t, dir)
	written := 0
	var err error
	for ; written < 1000; written++ {
		if err = s.Commit(t.Context(), cutOf("r", make([]byte, 20_000))); err != nil {
			break
		}
	}
	if !locale.HasKey(err, "sqlite.full") {
		t.Fatalf("after %d commits: %v", written, err)
	}
	if n := records(t, s, "r"); n != written {
		t.Errorf("%d records, %d confirmed", n, written)
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	if err := s.Commit(t.Context(), cutOf("r", make([]byte, 20_000))); err != nil {
		t.Fatalf("with room again: %v", err)
	}
	if n := records(t, s, "r"); n != written+1 {
		t.Errorf("%d records, %d confirmed", n, written+1)
	}
}
