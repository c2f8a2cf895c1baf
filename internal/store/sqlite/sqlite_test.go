package sqlite

import (
	"io"
	"os"
	"path/filepath"
	"testing"

	"toban/internal/store"
	"toban/internal/store/storetest"
)

// folder is a data folder as the conformance suite sees it.
type folder string

func (f folder) Open(t *testing.T) store.Store {
	t.Helper()
	s, err := Open(t.Context(), string(f))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Killed copies the files as they are. The shared-memory file is left out: it
// is only an index of the WAL, and a new process builds it anew.
func (f folder) Killed(t *testing.T) storetest.Place {
	t.Helper()
	to := t.TempDir()
	for _, name := range []string{FileName, FileName + "-wal"} {
		copyFile(t, filepath.Join(string(f), name), filepath.Join(to, name))
	}
	return folder(to)
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	in, err := os.Open(from)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	out, err := os.Create(to)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(out, in); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestConformance(t *testing.T) {
	storetest.Run(t, func(t *testing.T) storetest.Place { return folder(t.TempDir()) })
}
