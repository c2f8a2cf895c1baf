package bridge

import (
	"context"
	"fmt"
	"sync"

	"toban/internal/comms"
)

// bridge is the state between requests. Requests are handled one at a time; the
// HTTP side reads only world.
type bridge struct {
	out     *writer
	hub     *comms.Hub
	runtime *runtime
	web     *web // from start to stop
	admin   *web // from the first load on

	mu    sync.Mutex
	world *world // of the last load; nil before the first
}

func newBridge(out *writer) *bridge {
	return &bridge{out: out, hub: &comms.Hub{}, runtime: newRuntime()}
}

// current gives the loaded flows to the HTTP side.
func (b *bridge) current() *world {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.world
}

// running gives the loaded flows if a node of this id runs.
func (b *bridge) running(id string) (*world, error) {
	if b.world == nil || !b.world.runs(id) {
		return nil, fmt.Errorf("no such node: %s", id)
	}
	return b.world, nil
}

// close ends everything.
func (b *bridge) close() {
	b.drop(context.Background())
	_, _ = b.stopHTTP(context.Background(), request{}) // it can't fail
	if b.admin != nil {
		b.admin.close()
	}
}

// drop ends the loaded flows and forgets them.
func (b *bridge) drop(ctx context.Context) {
	b.mu.Lock()
	old := b.world
	b.world = nil
	b.mu.Unlock()
	if old != nil {
		old.end(ctx)
		old.forget()
	}
}
