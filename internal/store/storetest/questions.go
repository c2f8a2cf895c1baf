package storetest

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"toban/internal/store"
)

func ask(t *testing.T, s store.Store, qs ...store.Question) {
	t.Helper()
	commit(t, s, write(run("r1", day), "x"), &store.Cut{Partition: "p1", Questions: qs})
}

// testQuestions: the life of a question, from the cut that opens it to the one that consumes it.
func testQuestions(t *testing.T, p Place) {
	s := open(t, p)
	deadline := time.Now().Add(time.Hour).Truncate(time.Microsecond).UTC()
	q := question("q1", "r1", deadline)
	ask(t, s, q, question("q2", "r2", deadline))
	must(t, s.Posted(t.Context(), "q1", "C1/1712.0001"))
	q.Ref = "C1/1712.0001"
	got, err := s.Question(t.Context(), "q1")
	must(t, err)
	if diff := cmp.Diff(q, got); diff != "" {
		t.Errorf("open question (-want +got):\n%s", diff)
	}
	before := time.Now().Truncate(time.Microsecond)
	got, err = s.EndQuestion(t.Context(), "q1", store.Ending{State: store.Answered, Answer: []byte("yes")})
	must(t, err)
	if got.State != store.Answered || string(got.Answer) != "yes" || got.EndedAt.Before(before) || got.EndedAt.After(time.Now()) {
		t.Errorf("answered question: %+v", got)
	}
	again, err := s.EndQuestion(t.Context(), "q1", store.Ending{State: store.Cancelled, Answer: []byte("no")})
	if !errors.Is(err, store.ErrClosed) || cmp.Diff(got, again) != "" {
		t.Errorf("ended twice: %+v, %v", again, err)
	}
	testPending(t, s)
	for _, err := range []error{
		s.Posted(t.Context(), "q9", "x"),
		errorOf(s.Question(t.Context(), "q9")),
		errorOf(s.EndQuestion(t.Context(), "q9", store.Ending{State: store.Cancelled})),
	} {
		if !errors.Is(err, store.ErrNotFound) {
			t.Errorf("unknown question: %v", err)
		}
	}
}

func errorOf(_ store.Question, err error) error { return err }

// testPending: q1 is answered and not consumed, q2 is open.
func testPending(t *testing.T, s store.Store) {
	t.Helper()
	pending := func() int {
		snap, err := s.Recover(t.Context(), "p1")
		must(t, err)
		return len(snap.Questions)
	}
	if n := pending(); n != 2 {
		t.Errorf("%d questions pending before one is consumed", n)
	}
	// an open one can't be consumed
	commit(t, s, &store.Cut{Partition: "p1", Consumed: []string{"q1", "q2"}})
	if n := pending(); n != 1 {
		t.Errorf("%d questions pending after one is consumed", n)
	}
	for _, c := range []struct {
		filter store.QuestionFilter
		want   string
	}{
		{store.QuestionFilter{}, "q2 q1 "}, {store.QuestionFilter{Limit: 1}, "q2 "},
		{store.QuestionFilter{State: store.Open}, "q2 "}, {store.QuestionFilter{State: store.Answered}, "q1 "},
		{store.QuestionFilter{Run: "r1"}, "q1 "}, {store.QuestionFilter{Run: "r1", State: store.Open}, ""},
	} {
		qs, err := s.Questions(t.Context(), c.filter)
		got := ""
		for _, q := range qs {
			got += q.ID + " "
		}
		if got != c.want || err != nil {
			t.Errorf("Questions(%+v) = %q, %v", c.filter, got, err)
		}
	}
}

// testDeadlines: the store's clock decides, whatever the caller believes.
func testDeadlines(t *testing.T, p Place) {
	s := open(t, p)
	past, future := time.Now().Add(-time.Second), time.Now().Add(time.Hour)
	ask(t, s, question("late", "r1", past), question("late2", "r1", past), question("early", "r1", future), question("early2", "r1", future))
	for _, c := range []struct {
		id, state string
		want      error
	}{
		{"late", store.Answered, store.ErrClosed}, {"late", store.Expired, nil},
		{"late2", store.Cancelled, nil},
		{"early", store.Expired, store.ErrClosed}, {"early", store.Answered, nil},
		{"early2", store.Cancelled, nil},
	} {
		q, err := s.EndQuestion(t.Context(), c.id, store.Ending{State: c.state})
		wantState := c.state
		if c.want != nil {
			wantState = store.Open
		}
		if !errors.Is(err, c.want) || q.State != wantState || q.ID != c.id {
			t.Errorf("%s -> %s: %s, %v", c.id, c.state, q.State, err)
		}
	}
}

// testOneAnswer: of many people who click at once one wins, and all are told the same.
func testOneAnswer(t *testing.T, p Place) {
	s := open(t, p)
	ask(t, s, question("q1", "r1", time.Now().Add(time.Hour)))
	const people = 32
	var won atomic.Int32
	rows := make([]store.Question, people)
	var all sync.WaitGroup
	for i := range people {
		all.Go(func() {
			end := store.Ending{State: store.Answered, Answer: fmt.Appendf(nil, "from %d", i)}
			if i%4 == 0 {
				end = store.Ending{State: store.Cancelled, Answer: end.Answer}
			}
			q, err := s.EndQuestion(t.Context(), "q1", end)
			rows[i] = q
			switch {
			case err == nil && string(q.Answer) == string(end.Answer):
				won.Add(1)
			case err == nil || !errors.Is(err, store.ErrClosed):
				t.Errorf("click %d: %+v, %v", i, q, err)
			}
		})
	}
	all.Wait()
	if won.Load() != 1 {
		t.Errorf("%d answers won", won.Load())
	}
	for _, q := range rows {
		if diff := cmp.Diff(rows[0], q); diff != "" {
			t.Errorf("two people were told different things:\n%s", diff)
		}
	}
}
