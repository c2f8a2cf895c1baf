package engine

import (
	"context"
	"errors"

	"toban/internal/failpoint"
	"toban/internal/machine"
	"toban/internal/message"
	"toban/internal/node"
	"toban/internal/store"
)

// arrival is an event that waits for its run to begin.
type arrival struct {
	inst    *instance
	event   node.Event
	receipt chan *receipt
}

// receipt is the engine's word on one event.
type receipt struct {
	run      string
	repeated bool
	safe     chan struct{}
}

func (r *receipt) Run() string    { return r.run }
func (r *receipt) Repeated() bool { return r.repeated }

func (r *receipt) Safe(ctx context.Context) error {
	select {
	case <-r.safe:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// emitter takes the events of one source.
type emitter struct{ inst *instance }

// Emit begins a run, or finds the run of the same key.
func (m emitter) Emit(ctx context.Context, ev node.Event) (node.Receipt, error) {
	p := m.inst.p
	if ev.Key != "" {
		run, err := p.e.cfg.Store.FindEvent(ctx, m.inst.flow.ID, ev.Key)
		if err == nil {
			return storedReceipt(run), nil
		}
		if !errors.Is(err, store.ErrNotFound) {
			return nil, err
		}
	}
	a := &arrival{inst: m.inst, event: ev, receipt: make(chan *receipt, 1)}
	p.arrive(a)
	select {
	case r := <-a.receipt:
		if r == nil {
			return nil, ErrNoNode
		}
		return r, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-p.e.ctx.Done():
		return nil, ErrStopped
	}
}

func storedReceipt(run string) *receipt {
	safe := make(chan struct{})
	close(safe)
	return &receipt{run: run, repeated: true, safe: safe}
}

// Cursor gives the source's place.
func (m emitter) Cursor(ctx context.Context) (message.Value, error) {
	b, err := m.inst.p.e.cfg.Store.Cursor(ctx, m.inst.flow.ID)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return machine.Decode(b)
}

// SetCursor keeps the source's place.
func (m emitter) SetCursor(ctx context.Context, v message.Value) error {
	failpoint.Here(failpoint.CursorStoring)
	err := m.inst.p.e.cfg.Store.SetCursor(ctx, m.inst.flow.ID, machine.Encode(v))
	failpoint.Here(failpoint.CursorStored)
	return err
}

// takeArrivals begins the runs of waiting events while there is room.
func (p *partition) takeArrivals() {
	if !p.arrived.Load() || !p.accepting() {
		return
	}
	p.mu.Lock()
	n := min(len(p.arrivals), highWater-p.m.Queued())
	todo := p.arrivals[:n:n]
	p.arrivals = p.arrivals[n:]
	if len(p.arrivals) == 0 {
		p.arrivals = nil
		p.arrived.Store(false)
	}
	p.mu.Unlock()
	for _, a := range todo {
		a.receipt <- p.accept(a)
	}
	p.settleEnded()
}

func (p *partition) accept(a *arrival) *receipt {
	if a.event.Key != "" {
		if known := p.seen.get(a.inst.flow.ID, a.event.Key); known != nil {
			return &receipt{run: known.run, repeated: true, safe: known.safe}
		}
	}
	inst := a.inst.live()
	if inst == nil {
		return nil
	}
	r := &receipt{safe: make(chan struct{})}
	run := p.begin(inst, a.event, "")
	r.run = run.ID
	failpoint.Here(failpoint.EventAccepted)
	p.receipts[run.ID] = r
	if a.event.Key != "" {
		p.seen.put(a.inst.flow.ID, a.event.Key, r)
	}
	return r
}

// live gives the instance that has the place of this one in the current
// revision, nil if none has: a deploy may have come since somebody found it, and
// a run must not begin on a revision that is gone.
func (inst *instance) live() *instance {
	now := inst.p.e.instance(inst.flow.ID)
	if now == nil || now.p.owner() != inst.p.owner() {
		return nil
	}
	return now
}

// begin starts a run for an event of a node.
func (p *partition) begin(inst *instance, ev node.Event, parent string) *machine.Run {
	if ev.Input {
		return p.startRun(inst, ev, nil, []machine.Target{{Node: inst.flow.ID, Msg: ev.Msg}}, parent)
	}
	sent, targets := route(inst.flow, node.Port(ev.Port, ev.Msg))
	return p.startRun(inst, ev, sent, targets, parent)
}

// startRun makes the run's row and starts it.
func (p *partition) startRun(inst *instance, ev node.Event, sent []machine.Output, targets []machine.Target, parent string) *machine.Run {
	if rev := p.e.revision(inst.rev.hash); rev != nil { // inst.rev may be an earlier deploy of the same file
		rev.open.Add(1)
	}
	now := p.e.cfg.Now()
	return p.m.Start(store.Run{
		ID: newRunID(now), Flow: inst.tab.ID, FlowName: inst.tab.Label, Revision: inst.rev.hash,
		Source: inst.flow.ID, EventKey: ev.Key, Title: ev.Title, StartedAt: now,
		Rehearsal: p.e.cfg.Rehearse || p.e.Rehearsed(inst.tab.ID), Parent: parent,
	}, inst.flow.ID, sent, targets)
}

// settleEnded lets go what waited for runs that have ended.
func (p *partition) settleEnded() {
	for _, r := range p.m.TakeEnded() {
		if rev := p.e.revision(r.Revision); rev != nil && rev.open.Add(-1) == 0 {
			p.e.retire(rev)
		}
		p.lateNotes(r)
		p.late.forget(r.ID)
		if !r.Touched() {
			p.settleReceipt(r.ID)
		}
	}
}

func (p *partition) settleReceipt(run string) {
	if r := p.receipts[run]; r != nil {
		delete(p.receipts, run)
		close(r.safe)
		failpoint.Here(failpoint.EventSafe)
	}
}

// recent remembers the last event keys of this process, so that a repeat is
// seen before its run is stored.
type recent struct {
	byKey map[[2]string]*receipt
	order [][2]string
	next  int
}

const recentLimit = 8192

func newRecent() *recent { return &recent{byKey: map[[2]string]*receipt{}} }

func (c *recent) get(source, key string) *receipt { return c.byKey[[2]string{source, key}] }

// absorb remembers what another one does, which belongs to other sources.
func (c *recent) absorb(other *recent) {
	for _, k := range other.order {
		c.put(k[0], k[1], other.byKey[k])
	}
}

func (c *recent) put(source, key string, r *receipt) {
	k := [2]string{source, key}
	if len(c.order) < recentLimit {
		c.order = append(c.order, k)
	} else {
		delete(c.byKey, c.order[c.next])
		c.order[c.next] = k
		c.next = (c.next + 1) % recentLimit
	}
	c.byKey[k] = r
}

var (
	_ node.Emitter = emitter{}
	_ node.Receipt = (*receipt)(nil)
)
