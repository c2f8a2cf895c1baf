package engine

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"toban/internal/machine"
	"toban/internal/store"
)

// The rhythm of a loop.
const (
	batch     = 64                     // deliveries between two looks at the cut
	highWater = 1024                   // queued deliveries, and runs in line for an effect, from which new events wait
	lazyAfter = 200 * time.Millisecond // how long a history without effect may stay unwritten
)

// partition is the unit of order: one machine and the loop that drives it. All
// fields below m belong to the loop.
type partition struct {
	e    *Engine
	name string

	mu       sync.Mutex
	inbox    []func()
	arrivals []*arrival
	posted   atomic.Bool // something is in inbox
	arrived  atomic.Bool // something is in arrivals
	into     *partition  // that this one was merged into
	gone     atomic.Bool // it was: its loop ends
	wake     chan struct{}
	done     chan struct{}
	active   atomic.Bool  // the loop has work
	dirty    atomic.Bool  // a cut is due or under way
	blocked  atomic.Value // error text while commits fail, "" otherwise

	m        *machine.Machine
	at       *place // where the loop is
	effects  map[*machine.Step]*effect
	asked    map[string]machine.Open // by question id
	receipts map[string]*receipt     // by run id
	seen     *recent                 // event keys of this process
	lined    lined                   // runs whose effects wait for their turn
	early    map[string][]string     // by run id: previews of a rehearsal that has no channel yet
	late     late                    // of runs that come near their last step
	since    int                     // deliveries since the last look at the cut
	lazy     bool                    // a timer for unwritten histories runs
	unsaved  []chan struct{}         // closed once the next cut is on the disk
	saving   []chan struct{}         // closed once the cut under way is
	cuts     chan *store.Cut
	parking  func() // what a deploy waits for: the cut under way
}

// place is where a loop is. Nodes keep their partition when that is merged into
// another one, so both share it.
type place struct {
	step *step // in whose node's hands the loop is, nil between two
}

func newPartition(e *Engine, name string) *partition {
	p := &partition{
		e: e, name: name,
		wake: make(chan struct{}, 1), done: make(chan struct{}),
		m:        machine.New(name),
		at:       &place{},
		effects:  map[*machine.Step]*effect{},
		asked:    map[string]machine.Open{},
		receipts: map[string]*receipt{},
		seen:     newRecent(),
		early:    map[string][]string{},
		late:     late{},
		lined:    lined{},
		cuts:     make(chan *store.Cut, 1),
	}
	p.blocked.Store("")
	return p
}

func (p *partition) start() {
	p.e.loops.Add(2)
	go p.loop()
	go p.commitLoop()
}

func (p *partition) stop() {
	close(p.done)
}

// post runs f in the loop. It never blocks.
func (p *partition) post(f func()) {
	p.mu.Lock()
	if into := p.into; into != nil {
		p.mu.Unlock()
		into.post(f)
		return
	}
	p.inbox = append(p.inbox, f)
	p.posted.Store(true)
	p.mu.Unlock()
	p.nudge()
}

func (p *partition) nudge() {
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

// call runs f in the loop and waits for it.
func (p *partition) call(ctx context.Context, f func()) error {
	ran := make(chan struct{})
	p.post(func() { defer close(ran); f() })
	return p.await(ctx, ran)
}

// await waits for something that p's loop closes, or the loop of the partition
// that takes p over meanwhile.
func (p *partition) await(ctx context.Context, happened <-chan struct{}) error {
	for {
		home := p.owner()
		select {
		case <-happened:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		case <-home.done:
			if p.owner() == home {
				return ErrStopped
			}
		}
	}
}

func (p *partition) loop() {
	defer p.e.loops.Done()
	for p.awaitWork() && p.work() {
	}
}

// awaitWork reports whether there is work; false: the loop is to end.
func (p *partition) awaitWork() bool {
	p.active.Store(false)
	select {
	case <-p.wake:
	case <-p.done:
		return false
	}
	if p.stopped() { // both were ready
		return false
	}
	p.active.Store(true)
	p.e.cfg.Turn(p.name)
	return true
}

func (p *partition) stopped() bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}

// work goes on until there is nothing to do. false: the partition was merged
// into another one.
func (p *partition) work() bool {
	for {
		p.takeInbox()
		if p.gone.Load() {
			return false
		}
		p.takeArrivals()
		worked := p.deliverOne()
		if !worked || p.since >= batch {
			p.since = 0
			p.cut()
		}
		if !worked && !p.posted.Load() && (!p.arrived.Load() || !p.accepting()) {
			return true
		}
	}
}

func (p *partition) takeInbox() {
	if !p.posted.Load() {
		return
	}
	p.mu.Lock()
	todo := p.inbox
	p.inbox = nil
	p.posted.Store(false)
	p.mu.Unlock()
	for i, f := range todo {
		f()
		if p.gone.Load() { // the rest is the other loop's now
			for _, f := range todo[i+1:] {
				p.post(f)
			}
			return
		}
	}
	p.settleEnded()
}

// accepting reports whether new events may begin runs.
func (p *partition) accepting() bool {
	return p.m.Queued() < highWater && len(p.lined) < highWater && p.blocked.Load() == ""
}

// busy reports whether the loop has work that a graceful stop waits for.
func (p *partition) busy() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.inbox) > 0 || p.active.Load() {
		return true
	}
	return p.blocked.Load() == "" && (p.dirty.Load() || len(p.arrivals) > 0)
}

// forward sends all that comes for p to the partition that took it over, and
// ends its loop.
func (p *partition) forward(into *partition) {
	p.mu.Lock()
	p.into = into
	inbox, arrivals := p.inbox, p.arrivals
	p.inbox, p.arrivals = nil, nil
	p.arrived.Store(false)
	p.mu.Unlock()
	for _, f := range inbox {
		into.post(f)
	}
	into.arrive(arrivals...)
	p.gone.Store(true)
	p.stop()
}

// arrive adds events that wait for their runs.
func (p *partition) arrive(all ...*arrival) {
	if len(all) == 0 {
		return
	}
	p.mu.Lock()
	if into := p.into; into != nil {
		p.mu.Unlock()
		into.arrive(all...)
		return
	}
	p.arrivals = append(p.arrivals, all...)
	p.arrived.Store(true)
	p.mu.Unlock()
	p.nudge()
}

// owner is the partition that has p's state now: p, or where it was merged into.
func (p *partition) owner() *partition {
	p.mu.Lock()
	into := p.into
	p.mu.Unlock()
	if into != nil {
		return into.owner()
	}
	return p
}
