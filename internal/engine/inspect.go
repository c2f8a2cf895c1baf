package engine

import (
	"context"

	"toban/internal/flow"
	"toban/internal/node"
	"toban/internal/store"
)

// Health is how the engine is.
type Health struct {
	// Blocked has, for each partition that can't write, why not.
	Blocked map[string]string
	// Waiting is the number of events that wait for their run to begin.
	Waiting int
}

// Health tells how the engine is.
func (e *Engine) Health() Health {
	h := Health{Blocked: map[string]string{}}
	for _, p := range e.allPartitions() {
		if why, _ := p.blocked.Load().(string); why != "" {
			h.Blocked[p.name] = why
		}
		p.mu.Lock()
		h.Waiting += len(p.arrivals)
		p.mu.Unlock()
	}
	return h
}

// Dropped is the number of histories that were given up: of runs without any
// effect only so many are kept in memory until they are written.
func (e *Engine) Dropped(ctx context.Context) (n int, err error) {
	for _, p := range e.allPartitions() {
		if err := p.call(ctx, func() { n += p.m.Dropped() }); err != nil {
			return 0, err
		}
	}
	return n, nil
}

// Nodes lists the nodes of the current revision in the order of their start.
func (e *Engine) Nodes() []*flow.Node {
	e.mu.RLock()
	defer e.mu.RUnlock()
	if e.current == nil {
		return nil
	}
	return e.current.graph.Order
}

// Card makes the card of a question's row.
func (e *Engine) Card(q store.Question) (node.Card, error) { return cardOf(q) }
