package app_test

import (
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"toban/internal/app"
	"toban/internal/locale"
)

// pageSize is the size of SQLite's pages in our files.
const pageSize = 16384

// usedFolder gives a folder whose database has runs that hold messages, some in
// the file and some in its log, as a server that was killed leaves it.
func usedFolder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for start := range 2 {
		a, err := app.New(t.Context(), app.Options{DataDir: dir, Lang: locale.EN})
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = a.Stop(t.Context()) }()
		if start == 0 {
			deploy(t, a, `[{"id":"t","type":"tab"},{"id":"in","type":"inject","z":"t","props":[{"p":"payload","v":"`+strings.Repeat("text ", 2000)+`","vt":"str"}],"wires":[["wait"]]},
			 {"id":"wait","type":"delay","z":"t","pauseType":"delay","timeout":"1","timeoutUnits":"hours","wires":[[]]}]`)
		}
		for range 20 {
			ask(t, a, "POST", "/inject/in", "{}", nil)
		}
		var list struct{ Runs []struct{ Status string } }
		until(t, "the runs are stored", func() bool {
			ask(t, a, "GET", "/api/runs?limit=100", "", &list)
			return len(list.Runs) == 20*(start+1)
		})
		if start == 0 {
			if err := a.Stop(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
	return copyFolder(t, dir, t.TempDir())
}

func copyFolder(t *testing.T, from, to string) string {
	t.Helper()
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	return to
}

// TestDamagedDatabase: whichever bytes of the files are wrong, the server starts
// and answers, or says that the database is damaged and what to do; it neither
// crashes nor hangs, and doesn't touch what it can't read.
func TestDamagedDatabase(t *testing.T) {
	good := usedFolder(t)
	said := map[string]int{}
	random := rand.New(rand.NewPCG(1, 2))
	for name, step := range map[string]int{"toban.db": pageSize, "toban.db-wal": 5 * pageSize} {
		data, err := os.ReadFile(filepath.Join(good, name))
		if err != nil {
			t.Fatal(err)
		}
		for at := 0; at < len(data); at += step {
			for _, within := range []int{16, pageSize} { // the page's head, anywhere
				broken := append([]byte(nil), data...)
				first := at + random.IntN(min(within, len(data)-at))
				for i := first; i < min(first+64, len(broken)); i++ {
					broken[i] = byte(random.Uint32())
				}
				said[startDamaged(t, good, name, broken)]++
			}
		}
	}
	said[startDamaged(t, good, "toban.db", make([]byte, 4*pageSize))]++
	t.Logf("what was said: %v", said)
	// Much of what was changed is in the log, which has sums of its own and ends there.
	if said["sqlite.damaged"] < 15 || said["started"] == 0 {
		t.Errorf("what was said: %v", said)
	}
}

// startDamaged starts a server on a copy of a folder with one other file, and
// gives what it says.
func startDamaged(t *testing.T, good, name string, data []byte) string {
	t.Helper()
	dir := t.TempDir()
	defer func() { _ = os.RemoveAll(dir) }() // there will be many
	copyFolder(t, good, dir)
	file := filepath.Join(dir, name)
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	a, err := app.New(t.Context(), app.Options{DataDir: dir, Lang: locale.EN})
	if err == nil {
		if status := ask(t, a, "GET", "/api/runs", "", nil); status != 200 && status != 500 {
			t.Errorf("GET /api/runs: %d", status)
		}
		_ = a.Stop(t.Context()) // it may find out only now
		return "started"
	}
	e, ok := errors.AsType[*locale.Error](err)
	if !ok || !slices.Contains([]string{"sqlite.damaged", "sqlite.foreign", "sqlite.newer", "engine.damaged"}, e.Key) {
		t.Fatalf("%s: %v", name, err)
	}
	return e.Key
}
