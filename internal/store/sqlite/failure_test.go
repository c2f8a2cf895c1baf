package sqlite

import (
	"fmt"
	"testing"
	"time"

	"toban/internal/locale"
	"toban/internal/store"
)

func cutOf(run string, record []byte) *store.Cut {
	r := store.Run{ID: run, Partition: "p", Status: "running", StartedAt: time.Unix(1, 0)}
	return &store.Cut{Partition: "p", Runs: []store.RunWrite{{Run: r, Record: record}}}
}

func records(t *testing.T, s *Store, run string) int {
	t.Helper()
	_, recs, err := s.Run(t.Context(), run)
	if err != nil {
		t.Fatal(err)
	}
	return len(recs)
}

// TestFailedCommit: a full or read-only disk is an error, leaves nothing half
// written, and once it is mended the same cuts go through.
func TestFailedCommit(t *testing.T) {
	for _, c := range []struct{ name, key, spoil, mend string }{
		{"full", "sqlite.full", "PRAGMA max_page_count=1", "PRAGMA max_page_count=4294967294"},
		{"read-only", "sqlite.readonly", "PRAGMA query_only=ON", "PRAGMA query_only=OFF"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := openT(t, t.TempDir())
			if err := s.Commit(t.Context(), cutOf("before", []byte("a"))); err != nil {
				t.Fatal(err)
			}
			pragma(t, s, c.spoil)
			big := make([]byte, 100_000)
			cuts := []*store.Cut{cutOf("before", []byte("b")), cutOf("new", []byte("c")), cutOf("big", big)}
			err := s.Commit(t.Context(), cuts...)
			if !locale.HasKey(err, c.key) {
				t.Fatalf("error: %v", err)
			}
			if n := records(t, s, "before"); n != 1 {
				t.Errorf("half of the commit was written: %d records", n)
			}
			pragma(t, s, c.mend)
			if err := s.Commit(t.Context(), cuts...); err != nil {
				t.Fatal(err)
			}
			if records(t, s, "before") != 2 || records(t, s, "new") != 1 || records(t, s, "big") != 1 {
				t.Error("the same cuts, committed again, are not all there")
			}
		})
	}
}

// pragma runs a statement on the writer's connection, between two commits.
func pragma(t *testing.T, s *Store, sql string) {
	t.Helper()
	if _, err := s.conn.exec(sql); err != nil {
		t.Fatal(err)
	}
}

// TestGroupsAreBounded: the writer takes neither more calls nor more bytes into
// one transaction than it may, and takes none twice.
func TestGroupsAreBounded(t *testing.T) {
	s := &Store{queue: make(chan *job, queueLength)}
	for range 3000 {
		s.queue <- &job{bytes: 1}
	}
	if n := len(s.gather(&job{})); n != maxGroup {
		t.Errorf("%d calls in one group", n)
	}
	s = &Store{queue: make(chan *job, queueLength)}
	for range 10 {
		s.queue <- &job{bytes: maxGroupBytes / 4}
	}
	if n := len(s.gather(<-s.queue)); n != 4 {
		t.Errorf("%d calls of a quarter of the bytes each", n)
	}
	gone := &job{}
	gone.taken.Store(true) // its caller gave up
	s.queue <- gone
	for len(s.queue) > 0 {
		for _, j := range s.gather(<-s.queue) {
			if j == gone {
				t.Error("a call that was taken back was written")
			}
		}
	}
}

// TestFileShrinks: what Prune deletes goes back to the file system.
func TestFileShrinks(t *testing.T) {
	s := openT(t, t.TempDir())
	start := time.Unix(1, 0)
	for i := range 40 {
		r := store.Run{ID: fmt.Sprint(i), Status: "done", StartedAt: start, EndedAt: start}
		cut := &store.Cut{Runs: []store.RunWrite{{Run: r, Record: make([]byte, 256<<10)}}}
		if err := s.Commit(t.Context(), cut); err != nil {
			t.Fatal(err)
		}
	}
	full := pages(t, s)
	if n, err := s.Prune(t.Context(), time.Now(), 0); n != 40 || err != nil {
		t.Fatalf("pruned %d, %v", n, err)
	}
	if left := pages(t, s); full < 600 || left > full/10 {
		t.Errorf("%d pages before, %d after", full, left)
	}
}

func pages(t *testing.T, s *Store) (n int) {
	t.Helper()
	if err := s.read.QueryRowContext(t.Context(), "PRAGMA page_count").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// TestChangedRecord: a record whose bytes the disk has changed is not taken for
// what was stored; other runs are still read.
func TestChangedRecord(t *testing.T) {
	s := openT(t, t.TempDir())
	for _, run := range []string{"good", "bad"} {
		if err := s.Commit(t.Context(), cutOf(run, []byte("stop i-0123"))); err != nil {
			t.Fatal(err)
		}
	}
	pragma(t, s, "UPDATE journal SET data = CAST('stop i-0124' AS BLOB) WHERE run = (SELECT n FROM runs WHERE id = 'bad')")
	if _, _, err := s.Run(t.Context(), "bad"); !locale.HasKey(err, "sqlite.damaged") {
		t.Errorf("the changed run: %v", err)
	}
	if _, err := s.Recover(t.Context(), ""); !locale.HasKey(err, "sqlite.damaged") {
		t.Errorf("a start: %v", err)
	}
	if n := records(t, s, "good"); n != 1 {
		t.Errorf("%d records of the other run", n)
	}
}
