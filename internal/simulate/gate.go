package simulate

import (
	"cmp"
	"slices"
	"sync"
)

// gates hold back whoever wants something from outside, until the history
// chooses them.
type gates struct {
	mu      sync.Mutex
	waiting []*op
	arrived chan struct{} // has a token when somebody came
}

// op is one wait at a gate.
type op struct {
	// name tells the op from all others that wait. It depends on nothing but the
	// history so far, so that the order of choice does too.
	name string
	by   *process
	// ways are how it may turn out; the first one is without a fault.
	ways []way
	// late is what may happen outside although the process that asked for it is
	// dead: the request was on the wire. nil: nothing.
	late func()
	// alike: several ops of this name may wait, and which goes first makes no difference.
	alike bool

	done chan struct{}
	dead bool // the process died while it waited
}

// way is one outcome. do runs in the history's goroutine, alone.
type way struct {
	name string
	do   func()
}

func newGates() *gates { return &gates{arrived: make(chan struct{}, 1)} }

// pass waits until the history chooses o. false: the process is dead.
func (p *process) pass(o *op) bool {
	g := p.h.gates
	o.by, o.done = p, make(chan struct{})
	g.mu.Lock()
	if p.dead {
		g.mu.Unlock()
		return false
	}
	g.waiting = append(g.waiting, o)
	g.mu.Unlock()
	select {
	case g.arrived <- struct{}{}:
	default:
	}
	<-o.done
	return !o.dead
}

// sorted gives those who wait, in an order that does not depend on who came first.
func (g *gates) sorted() []*op {
	g.mu.Lock()
	defer g.mu.Unlock()
	select {
	case <-g.arrived:
	default:
	}
	slices.SortStableFunc(g.waiting, func(a, b *op) int { return cmp.Compare(a.name, b.name) })
	return g.waiting
}

// ambiguous gives the name of two ops that the order of choice can't tell apart.
func ambiguous(waiting []*op) (name string, found bool) {
	for i := 1; i < len(waiting); i++ {
		if a, b := waiting[i-1], waiting[i]; a.name == b.name && (!a.alike || !b.alike) {
			return a.name, true
		}
	}
	return "", false
}

// release lets o go on.
func (g *gates) release(o *op) {
	g.mu.Lock()
	i := slices.Index(g.waiting, o)
	g.waiting = slices.Delete(g.waiting, i, i+1)
	g.mu.Unlock()
	close(o.done)
}

// kill makes the process dead: who waits goes on without an outcome, and nobody
// of it waits any more.
func (g *gates) kill(p *process) {
	g.mu.Lock()
	p.dead = true
	ops := g.waiting
	g.waiting = nil
	g.mu.Unlock()
	for _, o := range ops {
		o.dead = true
		close(o.done)
	}
}

// isDead reports whether the process has crashed. Whatever its goroutines still
// do reaches nobody.
func (p *process) isDead() bool {
	p.h.gates.mu.Lock()
	defer p.h.gates.mu.Unlock()
	return p.dead
}
