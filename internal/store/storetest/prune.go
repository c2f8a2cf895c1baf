package storetest

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"toban/internal/store"
)

// testPrune: old ended runs go with all that belongs to them; open ones never
// do, and flows go on meanwhile.
func testPrune(t *testing.T, p Place) {
	s := open(t, p)
	old, recent := day.Add(-40*24*time.Hour), day.Add(-time.Hour)
	for i := range 120 { // more than one transaction deletes
		r := ended(run(fmt.Sprintf("old%d", i), old), old.Add(time.Minute))
		r.Revision = "rev-old"
		commit(t, s, write(r, "x"))
	}
	unanswered := question("kept", "open", day)
	commit(t, s, write(run("open", old), "a"), write(ended(run("new", old), recent), "b"),
		&store.Cut{Partition: "p1", Questions: []store.Question{question("q-old", "old7", old), unanswered, question("q-open", "asked", day)}},
		write(ended(run("asked", old), old), "c"))
	_, err := s.EndQuestion(t.Context(), "q-old", store.Ending{State: store.Expired})
	must(t, err)

	var busy sync.WaitGroup
	busy.Go(func() { commitMany(t, s, 1) })
	n, err := s.Prune(t.Context(), day.Add(-30*24*time.Hour), 0)
	busy.Wait()
	if n != 120 || err != nil {
		t.Errorf("pruned %d runs, %v", n, err)
	}
	for _, id := range []string{"open", "new", "asked", "c1"} {
		if _, records := journal(t, s, id); len(records) == 0 {
			t.Errorf("run %s lost its records", id)
		}
	}
	for id, want := range map[string]error{"q-old": store.ErrNotFound, "kept": nil, "q-open": nil} {
		if _, err := s.Question(t.Context(), id); !errors.Is(err, want) {
			t.Errorf("question %s: %v", id, err)
		}
	}
	if _, _, err := s.Run(t.Context(), "old7"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("pruned run: %v", err)
	}
	if n, err := s.Prune(t.Context(), day.Add(-30*24*time.Hour), 0); n != 0 || err != nil {
		t.Errorf("pruned again: %d, %v", n, err)
	}
	testPruneRevisions(t, s)
}

// testPruneSize: when there is too much, the oldest ended runs go first, however
// young they are, and open ones stay.
func testPruneSize(t *testing.T, p Place) {
	s := open(t, p)
	const runs, size, limit = 40, 256 << 10, 3 << 20
	commit(t, s, write(run("open", day), string(make([]byte, size))))
	for i := range runs {
		commit(t, s, write(ended(run(fmt.Sprintf("r%02d", i), day.Add(time.Duration(i)*time.Second)), day.Add(time.Hour)), string(make([]byte, size))))
	}
	n, err := s.Prune(t.Context(), day.Add(-24*time.Hour), limit)
	if err != nil || n < runs-limit/size || n > runs-limit/size/3 {
		t.Errorf("pruned %d of %d runs, %v", n, runs, err)
	}
	for i := range runs {
		_, _, err := s.Run(t.Context(), fmt.Sprintf("r%02d", i))
		if kept := err == nil; kept != (i >= n) {
			t.Errorf("run %d of %d is kept: %v (%v)", i, runs, kept, err)
		}
	}
	if _, records := journal(t, s, "open"); len(records) != 1 {
		t.Error("the open run lost its record")
	}
	if n, err := s.Prune(t.Context(), day.Add(-24*time.Hour), 1); n == 0 || err != nil {
		t.Errorf("pruned %d with no room at all, %v", n, err)
	}
	if _, records := journal(t, s, "open"); len(records) != 1 {
		t.Error("the open run lost its record when there was no room")
	}
}

// testPruneRevisions: the deployed flow file stays, and those of kept runs.
func testPruneRevisions(t *testing.T, s store.Store) {
	t.Helper()
	for _, hash := range []string{"rev-old", "abc", "deployed"} { // runs that are kept have abc
		must(t, s.PutRevision(t.Context(), hash, []byte("[]")))
		time.Sleep(time.Millisecond) // the store's clock has to move
	}
	_, err := s.Prune(t.Context(), time.Now().Add(time.Hour).Add(-30*24*time.Hour), 0)
	must(t, err)
	if _, err := s.Revision(t.Context(), "rev-old"); err != nil {
		t.Errorf("a revision that was put a moment ago: %v", err)
	}
	// "asked" and "open" are older than this but open, or asked about
	_, err = s.Prune(t.Context(), time.Now().Add(time.Hour), 0)
	must(t, err)
	for hash, want := range map[string]error{"rev-old": store.ErrNotFound, "abc": nil, "deployed": nil} {
		if _, err := s.Revision(t.Context(), hash); !errors.Is(err, want) {
			t.Errorf("revision %s: %v", hash, err)
		}
	}
}
