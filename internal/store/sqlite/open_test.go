package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"toban/internal/locale"
	"toban/internal/store"
)

func openT(t *testing.T, dir string) *Store {
	t.Helper()
	s, err := Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// TestEveryConnectionIsDurable: a commit that was only in the page cache would
// break promise P6, on whichever connection.
func TestEveryConnectionIsDurable(t *testing.T) {
	s := openT(t, t.TempDir())
	want := map[string]string{
		"synchronous": "2", "journal_mode": "wal", "busy_timeout": "10000",
		"page_size": "16384", "auto_vacuum": "2", "trusted_schema": "0",
	}
	for name, value := range want {
		row, err := s.conn.row("PRAGMA " + name)
		if err != nil || fmt.Sprint(row[0]) != value {
			t.Errorf("writer: %s = %v, %v, want %s", name, row, err, value)
		}
	}
	for range readers { // all of the pool, held at once
		c, err := s.read.Conn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		want["query_only"] = "1"
		for name, value := range want {
			var got string
			if err := c.QueryRowContext(t.Context(), "PRAGMA "+name).Scan(&got); err != nil || got != value {
				t.Errorf("reader: %s = %s, %v, want %s", name, got, err, value)
			}
		}
	}
}

// TestFileModes: the database holds mails and command output.
func TestFileModes(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "data")
	s := openT(t, dir)
	if err := s.SetCursor(t.Context(), "a", []byte("b")); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]os.FileMode{
		"": 0o700, FileName: 0o600, FileName + "-wal": 0o600, FileName + "-shm": 0o600, lockName: 0o600,
	} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%q has mode %v, %v; want %v", name, info.Mode().Perm(), err, want)
		}
	}
}

func TestSecondOwnerIsRefused(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "当番 data?#%41")
	s := openT(t, dir)
	_, err := Open(t.Context(), dir)
	if !errors.Is(err, store.ErrLocked) || !locale.HasKey(err, "sqlite.locked") {
		t.Fatalf("second open: %v", err)
	}
	for _, lang := range []locale.Lang{locale.EN, locale.JA} {
		if text := lang.Err(err); !strings.Contains(text, fmt.Sprint(os.Getpid())) {
			t.Errorf("text doesn't name the process: %s", text)
		}
		if text := lang.Err(err); !strings.Contains(text, dir) || !strings.Contains(text, "--data") {
			t.Errorf("text names neither folder nor mend: %s", text)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	openT(t, dir)
}

func TestUnusableFiles(t *testing.T) {
	for _, c := range []struct {
		key  string
		make func(t *testing.T, file string)
	}{
		{"sqlite.foreign", func(t *testing.T, file string) { script(t, file, "CREATE TABLE theirs (a)") }},
		{"sqlite.newer", func(t *testing.T, file string) {
			script(t, file, "CREATE TABLE runs (a)", "PRAGMA application_id=1416585838", "PRAGMA user_version=99")
		}},
		{"sqlite.damaged", func(t *testing.T, file string) {
			if err := os.WriteFile(file, []byte(strings.Repeat("not a database. ", 1000)), 0o600); err != nil {
				t.Fatal(err)
			}
		}},
		{"sqlite.failed", func(t *testing.T, file string) {
			if err := os.Mkdir(file, 0o700); err != nil {
				t.Fatal(err)
			}
		}},
	} {
		t.Run(c.key, func(t *testing.T) {
			dir := t.TempDir()
			file := filepath.Join(dir, FileName)
			c.make(t, file)
			before, _ := os.ReadFile(file)
			_, err := Open(t.Context(), dir)
			if !locale.HasKey(err, c.key) || !strings.Contains(locale.JA.Err(err), file) {
				t.Errorf("error: %v", err)
			}
			if after, _ := os.ReadFile(file); string(after) != string(before) {
				t.Error("a file that isn't ours was changed")
			}
			if l, err := lockFolder(dir); err != nil {
				t.Errorf("the folder stayed locked: %v", err)
			} else if err := l.release(); err != nil {
				t.Error(err)
			}
		})
	}
}

func script(t *testing.T, file string, statements ...string) {
	t.Helper()
	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, s := range statements {
		if _, err := db.ExecContext(context.Background(), s); err != nil {
			t.Fatal(err)
		}
	}
}
