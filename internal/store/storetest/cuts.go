package storetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"toban/internal/store"
)

// testCuts: what a cut writes is what is read back, in order.
func testCuts(t *testing.T, p Place) {
	s := open(t, p)
	r := run("r1", day)
	commit(t, s, write(r, "one"))
	commit(t, s, write(r, "two"), write(r, "three"))
	waiting := r
	waiting.Status, waiting.Waiting, waiting.Rehearsal = "waiting", "question q1", true
	commit(t, s, &store.Cut{Partition: "p1", Runs: []store.RunWrite{{Run: waiting}}})
	got, records := journal(t, s, "r1")
	if diff := cmp.Diff(waiting, got); diff != "" {
		t.Errorf("run (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"one", "two", "three"}, records); diff != "" {
		t.Errorf("a record was lost or moved (-want +got):\n%s", diff)
	}
	failed := ended(waiting, day.Add(time.Minute))
	failed.Status, failed.Waiting, failed.Error = "failed", "", "rc 255"
	commit(t, s, write(failed, "four"))
	if got, records := journal(t, s, "r1"); got != failed || len(records) != 4 {
		t.Errorf("ended run is %+v with records %q", got, records)
	}
	late := failed // a send after the end joins its run
	late.Error = "rc 255, then more"
	commit(t, s, write(late, "five"))
	if got, records := journal(t, s, "r1"); got != late || len(records) != 5 {
		t.Errorf("run written after its end is %+v with records %q", got, records)
	}
	if _, _, err := s.Run(t.Context(), "nobody"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("unknown run: %v", err)
	}
	large := bytes.Repeat([]byte{0, 0xff, '\n'}, 1<<20)
	commit(t, s, write(run("big", day), string(large)))
	if _, records := journal(t, s, "big"); records[0] != string(large) {
		t.Error("a record of 3 MB came back changed")
	}
}

// testCommits: all cuts of a call or none; one caller's mistake is not another's failure.
func testCommits(t *testing.T, p Place) {
	s := open(t, p)
	commit(t, s, write(run("first", day), "x"))
	twin := run("twin", day)
	twin.EventKey = "key-first"
	half := []*store.Cut{write(run("half", day), "x"), {Partition: "p1", Context: []store.ContextWrite{{Owner: "o", Value: []byte("1")}}}, write(twin, "x")}
	if err := s.Commit(t.Context(), half...); !errors.Is(err, store.ErrRepeated) {
		t.Fatalf("an event key that is taken: %v", err)
	}
	if _, _, err := s.Run(t.Context(), "half"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("half of a failed commit was written: %v", err)
	}
	commit(t, s, half[:2]...) // the same cuts can be committed again
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Commit(gone, write(run("late", day), "x")); !errors.Is(err, context.Canceled) {
		t.Errorf("a commit whose caller is gone: %v", err)
	}
	if _, _, err := s.Run(t.Context(), "late"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a commit whose caller is gone was written: %v", err)
	}
	var all sync.WaitGroup
	for i := range 64 {
		all.Go(func() { commitMany(t, s, i) })
	}
	all.Wait()
	for i := range 64 {
		if _, records := journal(t, s, fmt.Sprintf("c%d", i)); fmt.Sprint(records) != fmt.Sprint(numbered("rec", 10)) {
			t.Errorf("run c%d has records %q", i, records)
		}
	}
}

// commitMany writes one run's ten records; every fifth caller also tries to
// take another run's event in between.
func commitMany(t *testing.T, s store.Store, i int) {
	r := run(fmt.Sprintf("c%d", i), day)
	for _, record := range numbered("rec", 10) {
		if err := s.Commit(t.Context(), write(r, record)); err != nil {
			t.Errorf("commit of %s: %v", r.ID, err)
		}
		if i%5 != 0 {
			continue
		}
		thief := run(fmt.Sprintf("thief%d", i), day)
		thief.EventKey = "key-first"
		if err := s.Commit(t.Context(), write(thief, "x")); !errors.Is(err, store.ErrRepeated) {
			t.Errorf("commit of %s: %v", thief.ID, err)
		}
	}
}

// testDurable: what was committed is there after a close, and after a kill at any moment.
func testDurable(t *testing.T, p Place) {
	s := p.Open(t)
	r := run("r1", day)
	for i, record := range numbered("rec", 20) {
		commit(t, s, write(r, record))
		if i%7 != 0 {
			continue
		}
		found := open(t, p.Killed(t))
		if got, records := journal(t, found, "r1"); got != r || len(records) != i+1 {
			t.Errorf("after %d commits and a kill: %d records", i+1, len(records))
		}
	}
	must(t, s.Close())
	s = open(t, p)
	commit(t, s, write(r, "after"))
	if _, records := journal(t, s, "r1"); len(records) != 21 || records[20] != "after" {
		t.Errorf("after a close: %q", records)
	}
}

// testClosed: a closed store refuses, and closing twice is no error.
func testClosed(t *testing.T, p Place) {
	s := p.Open(t)
	must(t, s.Close())
	must(t, s.Close())
	if err := s.Commit(t.Context(), write(run("r", day), "x")); err == nil {
		t.Error("a closed store took a commit")
	}
}
