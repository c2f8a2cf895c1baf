package simulate

import (
	"context"
	"strings"
	"sync"
	"testing/synctest"
	"time"

	"toban/internal/engine"
	"toban/internal/flow"
)

// process is one life of the server, from its start to a stop or a crash.
type process struct {
	h      *history
	engine *engine.Engine
	life   context.Context
	leave  context.CancelFunc
	dead   bool // gates.mu

	mu        sync.Mutex
	inboxes   map[string]*inbox
	revisions map[string]bool // those that were deployed in this life, or are about to be
	up        bool
	failed    bool // the start ended with an error
	deploying bool
	// cancelling: a cancel goes from partition to partition, as a deploy and a stop
	// do. Two at once would come to the next one in an order that no seed decides.
	cancelling bool
	stopping   bool
	stopped    bool
}

// boot starts a process on what the disk has.
func (h *history) boot() {
	h.lives++
	h.opts.Random(h.seed + uint64(h.lives)<<32)
	h.mail.restarted()
	file := h.disk.file
	g := h.graph(file)
	p := &process{h: h, inboxes: map[string]*inbox{}, revisions: map[string]bool{g.Revision: true}}
	p.life, p.leave = context.WithCancel(context.Background())
	p.engine = engine.New(engine.Config{
		Store: &access{p: p, Store: h.disk.Store}, Types: p.types(), Desk: view{p}, Now: h.clock.now,
		Build: func(file []byte) (*flow.Graph, error) { return h.graph(string(file)), nil },
		AfterFunc: func(d time.Duration, f func()) func() {
			return h.clock.afterFunc(p, d, f)
		},
		Turn: p.turn, PerResource: 2, PerRun: 3, MaxSteps: maxSteps, Rehearse: h.mood.rehearse,
	})
	h.proc = p
	h.note("a process starts")
	go func() {
		_, err := p.engine.Start(as(p.life, "start"), g, []byte(file))
		p.mu.Lock()
		defer p.mu.Unlock()
		p.up, p.failed = err == nil, err != nil
	}()
}

// maxSteps ends a run that goes round and round; no simulated flow needs as many.
const maxSteps = 400

// turn is a loop that wants to go on, or an effect that wants to begin.
func (p *process) turn(who string) {
	if key, ok := strings.CutPrefix(who, "effect "); ok {
		p.mayLaunch(key)
	}
	p.pass(&op{name: "turn of " + who, ways: []way{{"goes on", func() {}}}})
}

// crash ends the process as kill -9 does: its memory is gone, what it had asked
// for may still happen.
func (h *history) crash() {
	p := h.proc
	h.crashes++
	h.totals.Crashes++
	h.note("the process is killed")
	for _, o := range h.gates.sorted() {
		if o.late != nil && h.rng.IntN(2) == 0 {
			h.note("after the end: %s", o.name)
			o.late()
		}
	}
	for _, part := range sortedKeys(h.disk.limbo) {
		if h.rng.IntN(2) == 0 {
			h.note("after the end: the failed commit of %s is there", part)
			_ = h.commit(h.disk.limbo[part]) // violated, if it fails
		}
	}
	h.bury(p)
	h.reopen()
}

// reopen gives the next process the store as it finds it.
func (h *history) reopen() {
	if h.opts.Killed == nil {
		return
	}
	st, err := h.opts.Killed(h.disk.Store)
	if err != nil {
		h.violated("P6", "after a crash the store can't be opened: %v", err)
		return
	}
	h.disk.Store = st
}

// intrude is a second process on the same store.
func (h *history) intrude() {
	h.note("a second process comes")
	if err := h.opts.Intrude(); err != nil {
		h.violated("P6", "%v", err)
	}
}

// bury ends the goroutines of a process that is dead or has stopped.
func (h *history) bury(p *process) {
	clear(h.disk.limbo)
	h.gates.kill(p)
	p.leave()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	gone := make(chan struct{})
	go func() {
		p.engine.Stop(ctx)
		close(gone)
	}()
	for range 3 {
		synctest.Wait()
		select {
		case <-gone:
			h.proc = nil
			return
		default:
			time.Sleep(20 * time.Second)
		}
	}
	h.proc = nil
	h.violated("stop", "the goroutines of a dead process don't end")
	<-gone
}

// stop ends the process gracefully; that takes its time, and goes through the gates.
func (h *history) stop(patience time.Duration) {
	p := h.proc
	p.mu.Lock()
	p.stopping = true
	p.mu.Unlock()
	h.note("the process is told to stop, within %v", patience)
	go func() {
		ctx, cancel := context.WithTimeout(p.life, patience)
		defer cancel()
		p.engine.Stop(ctx)
		p.mu.Lock()
		defer p.mu.Unlock()
		p.stopped = true
	}()
}

// reap takes away a process that has ended by itself.
func (h *history) reap() {
	p := h.proc
	if p == nil {
		return
	}
	p.mu.Lock()
	ended, failed := p.stopped, p.failed
	p.mu.Unlock()
	if ended || failed {
		h.note("the process ends")
		h.bury(p)
	}
}

// is gives a flag of the process.
func (p *process) is(flag *bool) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return *flag
}

// deploy saves another flow file and deploys it, as the server does.
func (h *history) deploy(file string, mode flow.Mode) {
	p := h.proc
	g := h.graph(file)
	p.mu.Lock()
	p.deploying = true
	p.mu.Unlock()
	h.note("a deploy (%s)", mode)
	save := func() {
		h.disk.file = file
		p.revisions[g.Revision] = true
	}
	go func() {
		if p.pass(&op{name: "save flows", late: save, ways: []way{{"written", save}}}) {
			_, err := p.engine.Deploy(as(p.life, "deploy"), g, []byte(file), mode)
			if !p.isDead() {
				h.tell("the deploy ends: %s", outcome(err))
			}
		}
		p.mu.Lock()
		defer p.mu.Unlock()
		p.deploying = false
	}()
}

func outcome(err error) string {
	if err != nil {
		return err.Error()
	}
	return "well"
}
