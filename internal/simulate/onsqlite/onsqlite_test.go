package onsqlite

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/cryptotest"
	"testing/synctest"
	"time"

	"toban/internal/simulate"
	"toban/internal/store"
	"toban/internal/store/sqlite"
)

var (
	seed  = flag.Uint64("seed", 0, "play this one history, and tell its story")
	first = flag.Uint64("first", 1, "the first seed")
	count = flag.Int("histories", 60, "how many histories to play")
	soak  = flag.Duration("soak", 0, "play histories for so long")
)

// folders are the data folders of one history: a new one after each crash.
type folders struct {
	t    *testing.T
	root string
	n    int
	now  func() time.Time
}

func (f *folders) dir() string { return filepath.Join(f.root, fmt.Sprint(f.n)) }

func (f *folders) open(now func() time.Time) (store.Store, error) {
	f.now = now
	return sqlite.OpenClock(context.Background(), f.dir(), now)
}

// killed copies the files as they are, and opens the copy. The shared-memory
// file is only an index of the WAL, which a new process builds anew.
func (f *folders) killed(old store.Store) (store.Store, error) {
	from := f.dir()
	f.n++
	if err := os.MkdirAll(f.dir(), 0o700); err != nil {
		return nil, err
	}
	for _, name := range []string{sqlite.FileName, sqlite.FileName + "-wal"} {
		if err := copyFile(filepath.Join(from, name), filepath.Join(f.dir(), name)); err != nil {
			return nil, err
		}
	}
	if err := old.Close(); err != nil {
		return nil, err
	}
	if err := os.RemoveAll(from); err != nil {
		return nil, err
	}
	return f.open(f.now)
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

// intrude starts a second process's store on the same folder.
func (f *folders) intrude() error {
	st, err := sqlite.OpenClock(context.Background(), f.dir(), f.now)
	if errors.Is(err, store.ErrLocked) {
		return nil
	}
	if err == nil {
		err = st.Close()
	}
	return fmt.Errorf("a second process gets at the data folder: %w", errors.Join(err, errors.New("it was not refused")))
}

func play(t *testing.T, seed uint64, trace bool) (r simulate.Result) {
	t.Helper()
	f := &folders{t: t, root: t.TempDir()}
	synctest.Test(t, func(t *testing.T) {
		var err error
		r, err = simulate.Play(seed, simulate.Options{
			Store: f.open, Killed: f.killed, Intrude: f.intrude, Trace: trace,
			Random: func(n uint64) { cryptotest.SetGlobalRandom(t, n) },
		})
		if err != nil {
			t.Fatal(err)
		}
	})
	if err := os.RemoveAll(f.root); err != nil {
		t.Error(err)
	}
	return r
}

func TestHistories(t *testing.T) {
	if *seed != 0 {
		tell(t, *seed)
		return
	}
	began := time.Now()
	var totals simulate.Totals
	for i := uint64(0); *soak > 0 && time.Since(began) < *soak || *soak == 0 && i < uint64(*count); i++ {
		r := play(t, *first+i, false)
		totals.Add(r.Totals)
		if r.Violation != "" {
			t.Errorf("seed %d breaks %s\nreplay: go test ./internal/simulate/onsqlite -run TestHistories -seed %d", r.Seed, r.Violation, r.Seed)
			tell(t, r.Seed)
			return
		}
	}
	t.Logf("%v: %v", time.Since(began).Round(time.Second), totals)
}

// TestReplayIsExact: the disk adds nothing that the seed doesn't decide.
func TestReplayIsExact(t *testing.T) {
	for seed := uint64(1); seed <= 6; seed++ {
		if a, b := play(t, seed, false), play(t, seed, true); a.Sum != b.Sum {
			t.Errorf("seed %d tells two stories", seed)
		}
	}
}

func tell(t *testing.T, seed uint64) {
	r := play(t, seed, true)
	t.Logf("the story of seed %d:\n%s", seed, strings.Join(r.Story, "\n"))
	if r.Violation != "" {
		t.Errorf("seed %d breaks %s", seed, r.Violation)
	}
}
