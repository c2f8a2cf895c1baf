package auth

import (
	"net/netip"
	"sync"
	"time"
)

// The bounds of the slowing of guesses: so many failures are free, then each
// doubles the wait up to the longest. All is forgotten after so long without one.
const (
	freeFailures  = 5
	longestWait   = time.Minute
	forgetAfter   = time.Hour
	maxRemembered = 1024
	maxTried      = 32 // names of one network that are remembered
)

// throttle slows whoever guesses passwords, by the network they come from.
type throttle struct {
	mu     sync.Mutex
	counts map[netip.Prefix]guesses
}

type guesses struct {
	failures int            // of all names
	tried    map[string]int // of some of them
	last     time.Time
	until    time.Time // no further try before
}

func newThrottle() *throttle { return &throttle{counts: map[netip.Prefix]guesses{}} }

// network is what one guesser has: an IPv4 address, or an IPv6 network of 64
// bits, all of whose addresses are theirs.
func network(from netip.Addr) netip.Prefix {
	from = from.Unmap()
	bits := from.BitLen()
	if from.Is6() {
		bits = 64
	}
	p, _ := from.Prefix(bits) // the zero address has the zero prefix
	return p
}

// wait gives how long this network has to wait before its next try.
func (t *throttle) wait(from netip.Prefix) time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	return max(0, time.Until(t.counts[from].until))
}

func (t *throttle) failed(from netip.Prefix, name string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.counts) >= maxRemembered {
		t.forgetOld()
	}
	now := time.Now()
	g := t.counts[from]
	if g.tried == nil || now.Sub(g.last) > forgetAfter {
		g = guesses{tried: map[string]int{}}
	}
	g.failures++
	if _, known := g.tried[name]; known || len(g.tried) < maxTried && len(name) <= maxName {
		g.tried[name]++
	}
	g.last = now
	if over := g.failures - freeFailures; over >= 0 {
		g.until = now.Add(min(longestWait, time.Second<<min(over, 6)))
	}
	t.counts[from] = g
}

// forgetOld drops whoever has not to wait any more; if that is not enough, all.
func (t *throttle) forgetOld() {
	now := time.Now()
	for from, g := range t.counts {
		if now.After(g.until) {
			delete(t.counts, from)
		}
	}
	if len(t.counts) >= maxRemembered {
		clear(t.counts)
	}
}

// succeeded forgives the failures of a name. Those of other names count on: else
// whoever has an account could guess the passwords of others between sign-ins of
// their own.
func (t *throttle) succeeded(from netip.Prefix, name string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	g, ok := t.counts[from]
	if !ok {
		return
	}
	g.failures -= g.tried[name]
	delete(g.tried, name)
	if g.failures == 0 {
		delete(t.counts, from)
		return
	}
	t.counts[from] = g
}
