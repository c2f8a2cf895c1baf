package server

import (
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

// throttle slows whoever guesses passwords, by the address they come from.
type throttle struct {
	mu     sync.Mutex
	counts map[string]guesses
	clock  func() time.Time
}

type guesses struct {
	failures int
	until    time.Time // no further try before
}

// wait gives how long this address has to wait before its next try.
func (t *throttle) wait(address string) time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	return max(0, t.counts[address].until.Sub(t.clock()))
}

func (t *throttle) failed(address string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.counts) >= maxRemembered {
		t.forgetOld()
	}
	g := t.counts[address]
	g.failures++
	if over := g.failures - freeFailures; over >= 0 {
		g.until = t.clock().Add(min(longestWait, time.Second<<min(over, 6)))
	}
	t.counts[address] = g
}

// forgetOld drops whoever has not to wait any more; if that is not enough, all.
func (t *throttle) forgetOld() {
	now := t.clock()
	for address, g := range t.counts {
		if now.After(g.until) {
			delete(t.counts, address)
		}
	}
	if len(t.counts) >= maxRemembered {
		clear(t.counts)
	}
}

func (t *throttle) succeeded(address string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.counts, address)
}

func newThrottle(clock func() time.Time) *throttle {
	return &throttle{counts: map[string]guesses{}, clock: clock}
}
