// Package memory is a store without a disk, for tests, the demo's rehearsals
// and the conformance bridge. It keeps every rule of the interface but the one
// that gives it its name: nothing survives the process.
package memory

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"toban/internal/store"
)

// Store keeps everything in maps.
type Store struct {
	// Now is the store's clock; set it before use.
	Now func() time.Time

	mu        sync.Mutex
	seq       int64
	runs      map[string]store.Run
	journal   map[string][]store.Record
	events    map[[2]string]string
	questions map[string]store.Question
	contexts  map[string][]byte
	rows      map[rowKey]store.StateRow
	cursors   map[string][]byte
	revisions map[string][]byte
	put       map[string]time.Time // when each revision was
	closed    bool
}

type rowKey struct {
	node string
	seq  uint64
}

// New makes an empty store.
func New() *Store {
	return &Store{
		Now:       time.Now,
		runs:      map[string]store.Run{},
		journal:   map[string][]store.Record{},
		events:    map[[2]string]string{},
		questions: map[string]store.Question{},
		contexts:  map[string][]byte{},
		rows:      map[rowKey]store.StateRow{},
		cursors:   map[string][]byte{},
		revisions: map[string][]byte{},
		put:       map[string]time.Time{},
	}
}

// Commit applies the cuts.
func (s *Store) Commit(ctx context.Context, cuts ...*store.Cut) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return errClosed
	}
	if s.repeated(cuts) {
		return store.ErrRepeated
	}
	for _, c := range cuts {
		s.apply(c)
	}
	return nil
}

var errClosed = errors.New("the store is closed")

// repeated reports whether a run of the cuts has another one's event key.
func (s *Store) repeated(cuts []*store.Cut) bool {
	taken := map[[2]string]string{}
	for _, c := range cuts {
		for _, w := range c.Runs {
			key := [2]string{w.Source, w.EventKey}
			if w.EventKey == "" {
				continue
			}
			if owner := cmp.Or(taken[key], s.events[key], w.ID); owner != w.ID {
				return true
			}
			taken[key] = w.ID
		}
	}
	return false
}

func (s *Store) apply(c *store.Cut) {
	for _, w := range c.Runs {
		s.runs[w.ID] = w.Run
		if w.EventKey != "" {
			s.events[[2]string{w.Source, w.EventKey}] = w.ID
		}
		if w.Record != nil {
			s.seq++
			s.journal[w.ID] = append(s.journal[w.ID], store.Record{Run: w.ID, Seq: s.seq, Data: w.Record})
		}
	}
	for _, w := range c.Context {
		if w.Value == nil {
			delete(s.contexts, w.Owner)
		} else {
			s.contexts[w.Owner] = w.Value
		}
	}
	for _, w := range c.State {
		if w.Delete {
			delete(s.rows, rowKey{w.Node, w.Seq})
		} else {
			s.rows[rowKey{w.Node, w.Seq}] = store.StateRow{Partition: c.Partition, Node: w.Node, Seq: w.Seq, Value: w.Value, Due: w.Due}
		}
	}
	for _, q := range c.Questions {
		s.questions[q.ID] = q
	}
	for _, id := range c.Consumed {
		if q, ok := s.questions[id]; ok && q.State != store.Open {
			q.Consumed = true
			s.questions[id] = q
		}
	}
}

// Recover gives what is open.
func (s *Store) Recover(_ context.Context, partition string) (*store.Snapshot, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	mine := func(p string) bool { return partition == "" || p == partition }
	snap := &store.Snapshot{}
	for id, r := range s.runs {
		if r.EndedAt.IsZero() && mine(r.Partition) {
			snap.Runs = append(snap.Runs, r)
			snap.Records = append(snap.Records, s.journal[id]...)
		}
	}
	slices.SortFunc(snap.Runs, func(a, b store.Run) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(snap.Records, func(a, b store.Record) int { return cmp.Compare(a.Seq, b.Seq) })
	for owner, v := range s.contexts {
		snap.Context = append(snap.Context, store.ContextWrite{Owner: owner, Value: v})
	}
	for _, row := range s.rows {
		if mine(row.Partition) {
			snap.State = append(snap.State, row)
		}
	}
	for _, q := range s.questions {
		if mine(q.Partition) && (q.State == store.Open || !q.Consumed) {
			snap.Questions = append(snap.Questions, q)
		}
	}
	slices.SortFunc(snap.State, func(a, b store.StateRow) int {
		return cmp.Or(cmp.Compare(a.Node, b.Node), cmp.Compare(a.Seq, b.Seq))
	})
	slices.SortFunc(snap.Questions, func(a, b store.Question) int { return cmp.Compare(a.ID, b.ID) })
	return snap, nil
}

// FindEvent gives the run of an event key.
func (s *Store) FindEvent(_ context.Context, source, key string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if run, ok := s.events[[2]string{source, key}]; ok && key != "" {
		return run, nil
	}
	return "", store.ErrNotFound
}

// Runs lists runs, newest first.
func (s *Store) Runs(_ context.Context, f store.RunFilter) ([]store.Run, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := slices.DeleteFunc(slices.Collect(maps.Values(s.runs)), func(r store.Run) bool { return !selects(f, r) })
	slices.SortFunc(found, func(a, b store.Run) int { return cmp.Compare(b.ID, a.ID) })
	return first(found, f.Limit), nil
}

func selects(f store.RunFilter, r store.Run) bool {
	return (f.Status == "" || r.Status == f.Status) &&
		(f.Flow == "" || r.Flow == f.Flow) &&
		(f.Parent == "" || r.Parent == f.Parent) &&
		(!f.Rehearsal || r.Rehearsal) &&
		(f.Text == "" || contains(r.Title, f.Text) || contains(r.ID, f.Text)) &&
		(f.Before == "" || r.ID < f.Before) &&
		(f.Since.IsZero() || !r.StartedAt.Before(f.Since)) &&
		(f.Until.IsZero() || r.StartedAt.Before(f.Until))
}

// contains ignores case.
func contains(text, part string) bool {
	return strings.Contains(strings.ToLower(text), strings.ToLower(part))
}

func first[T any](all []T, limit int) []T {
	if limit <= 0 {
		limit = 50
	}
	return all[:min(len(all), limit, 1000)]
}

// Run gives one run and its journal.
func (s *Store) Run(_ context.Context, id string) (store.Run, []store.Record, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, ok := s.runs[id]
	if !ok {
		return store.Run{}, nil, store.ErrNotFound
	}
	return r, slices.Clone(s.journal[id]), nil
}

// Question gives one question.
func (s *Store) Question(_ context.Context, id string) (store.Question, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	q, ok := s.questions[id]
	if !ok {
		return store.Question{}, store.ErrNotFound
	}
	return q, nil
}

// Questions lists questions, newest first.
func (s *Store) Questions(_ context.Context, f store.QuestionFilter) ([]store.Question, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := slices.DeleteFunc(slices.Collect(maps.Values(s.questions)), func(q store.Question) bool {
		return f.State != "" && q.State != f.State || f.Run != "" && q.Run != f.Run
	})
	slices.SortFunc(found, func(a, b store.Question) int {
		return cmp.Or(b.CreatedAt.Compare(a.CreatedAt), cmp.Compare(b.ID, a.ID))
	})
	return first(found, f.Limit), nil
}

// EndQuestion ends an open question.
func (s *Store) EndQuestion(_ context.Context, id string, end store.Ending) (store.Question, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	q, ok := s.questions[id]
	if !ok {
		return store.Question{}, store.ErrNotFound
	}
	now := s.Now()
	late := !now.Before(q.Deadline)
	if q.State != store.Open || end.State == store.Answered && late || end.State == store.Expired && !late {
		return q, store.ErrClosed
	}
	q.State, q.Answer, q.EndedAt = end.State, bytes.Clone(end.Answer), now
	s.questions[id] = q
	return q, nil
}

// Posted records where a card stands.
func (s *Store) Posted(_ context.Context, id, ref string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	q, ok := s.questions[id]
	if !ok {
		return store.ErrNotFound
	}
	q.Ref = ref
	s.questions[id] = q
	return nil
}

// PutRevision keeps a flow file.
func (s *Store) PutRevision(_ context.Context, hash string, file []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.revisions[hash], s.put[hash] = bytes.Clone(file), s.Now()
	return nil
}

// Revision gives a flow file.
func (s *Store) Revision(_ context.Context, hash string) ([]byte, error) {
	return get(s, s.revisions, hash)
}

// SetCursor keeps a source's place.
func (s *Store) SetCursor(_ context.Context, source string, value []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cursors[source] = bytes.Clone(value)
	return nil
}

// Cursor gives a source's place.
func (s *Store) Cursor(_ context.Context, source string) ([]byte, error) {
	return get(s, s.cursors, source)
}

func get(s *Store, in map[string][]byte, key string) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	v, ok := in[key]
	if !ok {
		return nil, store.ErrNotFound
	}
	return v, nil
}

// Close refuses further commits. The memory goes with the store.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	return nil
}

var _ store.Store = (*Store)(nil)
