package memory

import (
	"maps"
	"testing"

	"toban/internal/store"
	"toban/internal/store/storetest"
)

// place is a store that a process would find again if memory survived.
type place struct{ s *Store }

func (p place) Open(*testing.T) store.Store {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	p.s.closed = false
	return p.s
}

func (p place) Killed(*testing.T) storetest.Place {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	to := New()
	to.seq = p.s.seq
	to.runs, to.journal, to.events = maps.Clone(p.s.runs), maps.Clone(p.s.journal), maps.Clone(p.s.events)
	to.questions, to.contexts, to.rows = maps.Clone(p.s.questions), maps.Clone(p.s.contexts), maps.Clone(p.s.rows)
	to.cursors, to.revisions = maps.Clone(p.s.cursors), maps.Clone(p.s.revisions)
	to.put = maps.Clone(p.s.put)
	return place{to}
}

func TestConformance(t *testing.T) {
	storetest.Run(t, func(*testing.T) storetest.Place { return place{New()} })
}
