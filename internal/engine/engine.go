package engine

import (
	"context"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"toban/internal/flow"
	"toban/internal/message"
	"toban/internal/node"
)

// Engine runs flows.
type Engine struct {
	cfg   Config
	slots *slots
	// ctx ends the effects, sources and loops.
	ctx    context.Context
	cancel context.CancelFunc
	work   crew // effects, cards and sources under way
	loops  sync.WaitGroup

	deploying sync.Mutex // one deploy, start or stop at a time
	joined    *joins     // which tabs share a partition; only grows

	// rehearsed are the tabs whose runs are rehearsals; the set is replaced, never changed.
	rehearsed atomic.Pointer[map[string]bool]
	// revisions by hash: the current one and those that open runs are on. The
	// map is replaced, never changed.
	revisions atomic.Pointer[map[string]*revision]

	mu         sync.RWMutex
	current    *revision
	partitions map[string]*partition
	deadlines  map[string]deadline           // of open questions
	asking     map[string]*partition         // by question: the partition that waits for it
	showing    map[string][]func(ref string) // by question whose card is being posted: who waits for that

	names names

	stopping, ended atomic.Bool
}

// New makes an engine that runs nothing yet. Start it with Start.
func New(cfg Config) *Engine {
	cfg.setDefaults()
	e := &Engine{
		cfg:        cfg,
		slots:      newSlots(cfg.PerResource, cfg.PerRun),
		joined:     newJoins(),
		partitions: map[string]*partition{},
		deadlines:  map[string]deadline{},
		asking:     map[string]*partition{},
		showing:    map[string][]func(string){},
	}
	e.ctx, e.cancel = context.WithCancel(context.Background())
	return e
}

// Stop ends the engine: sources first, then it waits until the effects under
// way have come back and the last cuts are committed. When ctx ends before, the
// effects are cut off; their outcome is asked about at the next start.
func (e *Engine) Stop(ctx context.Context) {
	e.mu.Lock()
	again := e.stopping.Swap(true)
	e.mu.Unlock()
	e.parkNow()
	e.deploying.Lock()
	defer e.deploying.Unlock()
	if again {
		return
	}
	e.stopSources()
	e.drain(ctx)
	e.cancel()
	e.work.Wait()
	e.closeNodes()
	e.stopDeadlines()
	for _, p := range e.allPartitions() {
		p.stop()
	}
	e.loops.Wait()
	e.work.Wait() // for what the loops have begun meanwhile
	e.ended.Store(true)
}

// later does f as part of the engine's work once d has passed, unless the engine
// is stopping by then.
func (e *Engine) later(d time.Duration, f func()) {
	e.cfg.AfterFunc(d, func() {
		e.mu.RLock()
		defer e.mu.RUnlock()
		if !e.stopping.Load() {
			e.work.Go(f)
		}
	})
}

// drain waits until no partition has anything to do, or ctx ends.
func (e *Engine) drain(ctx context.Context) {
	for {
		busy := e.slots.busy()
		for _, p := range e.allPartitions() {
			busy = p.busy() || busy
		}
		if !busy {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// allPartitions lists the partitions by name.
func (e *Engine) allPartitions() []*partition {
	e.mu.RLock()
	defer e.mu.RUnlock()
	all := make([]*partition, 0, len(e.partitions))
	for _, p := range e.partitions {
		all = append(all, p)
	}
	slices.SortFunc(all, func(a, b *partition) int { return strings.Compare(a.name, b.name) })
	return all
}

// Lookup finds a running node of the current revision.
func (e *Engine) Lookup(id string) (*flow.Node, node.Node, bool) {
	inst := e.instance(id)
	if inst == nil {
		return nil, nil, false
	}
	return inst.flow, inst.impl, true
}

func (e *Engine) instance(id string) *instance {
	e.mu.RLock()
	defer e.mu.RUnlock()
	if e.current == nil {
		return nil
	}
	if b := e.current.bound[id]; b != nil {
		return b.inst
	}
	return nil
}

// Within runs f in the loop of a node of the current revision and waits for
// it. f may use everything that a node may. ErrNoNode: it doesn't run.
func (e *Engine) Within(ctx context.Context, id string, f func(env node.Env, impl node.Node)) error {
	inst := e.instance(id)
	if inst == nil {
		return ErrNoNode
	}
	if e.ended.Load() { // no loop runs any more
		f(inst.env, inst.impl)
		return nil
	}
	return inst.p.call(ctx, func() { f(inst.env, inst.impl) })
}

// Inject delivers a message to a node's own input, beginning a run: the button
// of an inject node, the admin API. It returns once the node has handled it.
func (e *Engine) Inject(ctx context.Context, id string, msg *message.Object) (run string, err error) {
	inst := e.instance(id)
	if inst == nil {
		return "", ErrNoNode
	}
	var began string
	err = inst.p.call(ctx, func() {
		now := inst.live() // a deploy may have come in between
		if now == nil {
			return
		}
		began = inst.p.begin(now, node.Event{Input: true, Msg: msg}, "").ID
		inst.p.deliverUpTo(inst.p.m.Queued())
	})
	switch {
	case err != nil: // the loop may still be at it: what it notes is not to be read
		return "", err
	case began == "":
		return "", ErrNoNode
	}
	return began, nil
}
