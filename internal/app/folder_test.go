package app_test

import (
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"toban/internal/app"
	"toban/internal/locale"
)

// TestFilesArePrivate: nobody else reads what a server writes, nor what a backup or
// an earlier version has left with other rights; a folder into which others may write is told.
func TestFilesArePrivate(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no mode bits: a file takes its rights from its folder")
	}
	dir := filepath.Join(t.TempDir(), "data")
	logged := &strings.Builder{}
	o := app.Options{DataDir: dir, AdminPassword: "a password", Lang: locale.EN, Log: slog.New(slog.NewTextHandler(logged, nil))}
	for _, start := range []string{"new", "restored"} {
		a, err := app.New(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		if start == "restored" {
			private(t, "before anything is written", dir)
		}
		deploy(t, a, hello+" ")
		ask(t, a, "POST", "/library/local/flows/kept", "[]", nil)
		private(t, start, dir)
		if err := a.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
		err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err == nil {
				err = os.Chmod(path, map[bool]fs.FileMode{true: 0o777, false: 0o644}[d.IsDir()])
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if told := strings.Contains(logged.String(), "others may write"); told != (start == "restored") {
			t.Errorf("%s: the log says %s", start, logged)
		}
	}
}

func private(t *testing.T, when, dir string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if info, err := e.Info(); err == nil && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s: %s has the mode %v", when, e.Name(), info.Mode())
		}
	}
	if len(entries) < 5 {
		t.Errorf("%s: the folder holds only %v", when, entries)
	}
}
