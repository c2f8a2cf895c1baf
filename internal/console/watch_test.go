package console

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"toban/internal/store"
	"toban/internal/store/memory"
)

func questionCut(id string) *store.Cut {
	return &store.Cut{Partition: "p", Runs: []store.RunWrite{{Run: store.Run{ID: "run of " + id, Title: "mail", Status: "waiting", StartedAt: time.Now()}}},
		Questions: []store.Question{{ID: id, Run: "run of " + id, State: store.Open, CreatedAt: time.Now(), Deadline: time.Now().Add(time.Hour)}}}
}

// TestWatchedKnowsWhatIsOpen: however many write at once, the questions that are
// known to be open are those that the store has as open.
func TestWatchedKnowsWhatIsOpen(t *testing.T) {
	w := Watch(memory.New())
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			for j := range 25 {
				id := fmt.Sprintf("q%d-%d", i, j)
				if err := w.Commit(t.Context(), questionCut(id)); err != nil {
					t.Error(err)
				}
				if j%2 == 0 {
					if _, err := w.EndQuestion(t.Context(), id, store.Ending{State: store.Cancelled}); err != nil {
						t.Error(err)
					}
				}
				w.urgent()
			}
		})
	}
	all.Wait()
	open, err := w.Questions(t.Context(), store.QuestionFilter{State: store.Open, Limit: 1000})
	if err != nil || w.countOpen() != len(open) || len(w.urgent()) != len(open) {
		t.Errorf("%d are known as open, %d in order, %d are: %v", w.countOpen(), len(w.urgent()), len(open), err)
	}
	for _, q := range open {
		if known := w.open[q.ID]; known == nil || known.title != "mail" {
			t.Errorf("%s: %+v", q.ID, known)
		}
	}
}

type fullDisk struct{ store.Store }

func (fullDisk) Commit(context.Context, ...*store.Cut) error { return errors.New("no space left") }

// TestFailedCommit: what couldn't be written isn't open.
func TestFailedCommit(t *testing.T) {
	w := Watch(fullDisk{memory.New()})
	if err := w.Commit(t.Context(), questionCut("q1")); err == nil || w.countOpen() != 0 {
		t.Errorf("%d are open, %v", w.countOpen(), err)
	}
}
