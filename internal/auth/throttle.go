package auth

import (
	"net/netip"
	"sync"
	"time"
)

// The bounds of the slowing of guesses: so many failures are free, then each
// doubles the wait up to the longest.
const (
	freeFailures  = 5
	longestWait   = time.Minute
	maxRemembered = 1024
)

// throttle slows whoever guesses passwords, by the network they come from.
type throttle struct {
	mu     sync.Mutex
	counts map[netip.Prefix]guesses
}

type guesses struct {
	failures int
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

func (t *throttle) failed(from netip.Prefix) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.counts) >= maxRemembered {
		t.forgetOld()
	}
	g := t.counts[from]
	g.failures++
	if over := g.failures - freeFailures; over >= 0 {
		g.until = time.Now().Add(min(longestWait, time.Second<<min(over, 6)))
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

func (t *throttle) succeeded(from netip.Prefix) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.counts, from)
}
