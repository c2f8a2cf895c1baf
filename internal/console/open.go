package console

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"toban/internal/engine"
	"toban/internal/store"
)

// asked is what is known of an open question without reading it: how urgent it
// is, and what its run is called.
type asked struct {
	id, run                 string
	unknown                 bool // it is about an unknown outcome
	deadline                time.Time
	title, source, revision string // of the run
}

// add notes a question. w.mu is held.
func (w *Watched) add(q *store.Question, run *store.Run) {
	if q.State != store.Open {
		return
	}
	w.open[q.ID] = &asked{id: q.ID, run: q.Run, unknown: q.Kind == engine.KindUnknown, deadline: q.Deadline,
		title: run.Title, source: run.Source, revision: run.Revision}
	w.disorder()
}

// disorder notes that the open questions are others. w.mu is held.
func (w *Watched) disorder() {
	w.order = nil
	w.turn++
}

// drop forgets a question. w.mu is held.
func (w *Watched) drop(id string) {
	if _, known := w.open[id]; known {
		delete(w.open, id)
		w.disorder()
	}
}

// countOpen is the number of open questions.
func (w *Watched) countOpen() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.open)
}

// urgent gives the open questions, the most urgent ones first. The list is not to
// be changed.
func (w *Watched) urgent() []*asked {
	w.sorting.Lock() // one sorts, the others read it; commits don't wait for it
	defer w.sorting.Unlock()
	w.mu.Lock()
	order, turn := w.order, w.turn
	if order != nil {
		w.mu.Unlock()
		return order
	}
	order = slices.AppendSeq(make([]*asked, 0, len(w.open)), maps.Values(w.open))
	w.mu.Unlock()
	slices.SortFunc(order, moreUrgent)
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.turn == turn {
		w.order = order
	}
	return order
}

// moreUrgent puts unknown outcomes first, where work has stopped half way, then
// what has the least time left.
func moreUrgent(a, b *asked) int {
	switch {
	case a.unknown && !b.unknown:
		return -1
	case b.unknown && !a.unknown:
		return 1
	}
	if c := a.deadline.Compare(b.deadline); c != 0 {
		return c
	}
	return strings.Compare(a.id, b.id)
}

// recent are the questions that have ended last, the newest last.
type recent struct {
	ids  []string
	read bool // also those from before this process
}

func (r *recent) add(ids ...string) {
	r.ids = append(r.ids, ids...)
	if over := len(r.ids) - mostEnded; over > 0 {
		r.ids = slices.Delete(r.ids, 0, over)
	}
}

// lastEnded gives the questions that have ended last, the newest first.
func (w *Watched) lastEnded(ctx context.Context) ([]string, error) {
	w.mu.Lock()
	read := w.ended.read
	w.mu.Unlock()
	if !read {
		if err := w.readEnded(ctx); err != nil {
			return nil, err
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	ids := slices.Clone(w.ended.ids)
	slices.Reverse(ids)
	return ids, nil
}

// readEnded asks the store, once, for those from before this process: without an
// index that takes long where there are many questions.
func (w *Watched) readEnded(ctx context.Context) error {
	var rows []store.Question
	for _, state := range []string{store.Answered, store.Expired, store.Cancelled} {
		some, err := w.Store.Questions(ctx, store.QuestionFilter{State: state, Limit: mostEnded})
		if err != nil {
			return err
		}
		rows = append(rows, some...)
	}
	slices.SortStableFunc(rows, func(a, b store.Question) int { return a.EndedAt.Compare(b.EndedAt) })
	w.mu.Lock()
	defer w.mu.Unlock()
	since := w.ended.ids
	w.ended = recent{read: true}
	for _, row := range rows {
		if !slices.Contains(since, row.ID) {
			w.ended.add(row.ID)
		}
	}
	w.ended.add(since...)
	return nil
}

// read reads questions; one that is gone meanwhile is left out.
func (w *Watched) read(ctx context.Context, ids []string) ([]store.Question, error) {
	rows := make([]store.Question, 0, len(ids))
	for _, id := range ids {
		row, err := w.Store.Question(ctx, id)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}
