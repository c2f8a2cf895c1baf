package console

import (
	"context"
	"crypto/rand"
	"errors"
	"sync"

	"toban/internal/store"
)

// Watched is a store that knows, without reading, which questions are open and
// whether anything has changed: all that a page needs to tell its script that
// there is nothing new. Everything that writes must go through it, except pruning:
// that a run is gone may be seen a minute later.
type Watched struct {
	store.Store
	born string // tells this process's versions from those of another one

	mu      sync.Mutex
	changes uint64            // of anything
	asked   uint64            // the last change of a question
	runs    map[string]uint64 // the last change of a run, of what is asked in it, and of its children
	floor   uint64            // the last change of the runs that are not in runs
	open    map[string]*asked
	order   []*asked // the open ones by urgency, never changed; nil: to be sorted
	turn    uint64   // counts the changes of open
	ended   recent

	sorting sync.Mutex
}

// Watch watches a store.
func Watch(st store.Store) *Watched {
	return &Watched{Store: st, born: rand.Text(), runs: map[string]uint64{}, open: map[string]*asked{}}
}

// mostRuns bounds the runs whose changes are told apart.
const mostRuns = 10_000

// Commit commits, and notes what the cuts change.
func (w *Watched) Commit(ctx context.Context, cuts ...*store.Cut) error {
	w.begin(cuts) // before, so that an ending can't come first
	err := w.Store.Commit(ctx, cuts...)
	w.commit(cuts, err != nil)
	return err
}

func (w *Watched) begin(cuts []*store.Cut) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, cut := range cuts {
		for i := range cut.Questions {
			w.add(&cut.Questions[i], runIn(cut, cut.Questions[i].Run))
		}
	}
}

func (w *Watched) commit(cuts []*store.Cut, failed bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, cut := range cuts {
		for i := range cut.Runs {
			w.touch(cut.Runs[i].ID)
			if parent := cut.Runs[i].Parent; parent != "" {
				w.touch(parent)
			}
		}
		for i := range cut.Questions {
			q := &cut.Questions[i]
			w.touch(q.Run)
			w.asked = w.changes
			if failed {
				w.drop(q.ID)
			}
		}
		w.changes++ // a cut without runs, too
	}
}

// runIn finds a run's row in a cut. A question comes with its run.
func runIn(cut *store.Cut, id string) *store.Run {
	for i := range cut.Runs {
		if cut.Runs[i].ID == id {
			return &cut.Runs[i].Run
		}
	}
	return &store.Run{ID: id}
}

// EndQuestion ends a question, and notes it.
func (w *Watched) EndQuestion(ctx context.Context, id string, end store.Ending) (store.Question, error) {
	q, err := w.Store.EndQuestion(ctx, id, end)
	if err != nil && !errors.Is(err, store.ErrClosed) {
		return q, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.touch(q.Run)
	w.asked = w.changes
	if q.State != store.Open { // one that is answered too late is open until it expires
		w.drop(id)
	}
	if err == nil {
		w.ended.add(id)
	}
	return q, err
}

// Posted notes that a question has its place in Slack, which pages link.
func (w *Watched) Posted(ctx context.Context, id, ref string) error {
	err := w.Store.Posted(ctx, id, ref)
	w.mu.Lock()
	defer w.mu.Unlock()
	if q := w.open[id]; q != nil {
		w.touch(q.run)
	} else { // it may have ended meanwhile: whose it is isn't known here
		w.touchAll()
	}
	w.asked = w.changes
	return err
}

// Recover recovers, and learns which questions are open.
func (w *Watched) Recover(ctx context.Context, partition string) (*store.Snapshot, error) {
	snap, err := w.Store.Recover(ctx, partition)
	if err != nil {
		return snap, err
	}
	runs := map[string]*store.Run{}
	for i := range snap.Runs {
		runs[snap.Runs[i].ID] = &snap.Runs[i]
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for i := range snap.Questions {
		q := &snap.Questions[i]
		run := runs[q.Run]
		if run == nil {
			run = &store.Run{ID: q.Run}
		}
		if q.State == store.Open {
			w.add(q, run)
		}
	}
	w.touchAll()
	w.asked = w.changes
	return snap, nil
}

// touch notes a change of a run. w.mu is held.
func (w *Watched) touch(run string) {
	if _, known := w.runs[run]; !known && len(w.runs) >= mostRuns {
		w.touchAll()
	}
	w.changes++
	w.runs[run] = w.changes
}

// touchAll notes that any run may have changed. w.mu is held.
func (w *Watched) touchAll() {
	w.changes++
	w.floor = w.changes
	clear(w.runs)
}

// anything, questions and run give numbers that are others once something has
// changed, a question has, a run has. They are to be read before the store is.
func (w *Watched) anything() uint64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.changes
}

func (w *Watched) questions() uint64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.asked
}

func (w *Watched) run(id string) uint64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	if n, known := w.runs[id]; known {
		return n
	}
	return w.floor
}

var _ store.Store = (*Watched)(nil)
