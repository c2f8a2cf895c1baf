package simulate

import (
	"container/heap"
	"sync"
	"time"
)

// clock is the wall clock, which people and time servers turn, and the timers,
// which it does not move.
type clock struct {
	mu     sync.Mutex
	turned time.Duration // how far the wall clock is off
	timers timers
	last   uint64
}

type timer struct {
	at   time.Time // by the bubble's clock
	nr   uint64
	by   *process
	call func()
	off  bool
}

// timers is a heap by time, then by the order of their making.
type timers []*timer

func (t timers) Len() int      { return len(t) }
func (t timers) Swap(i, j int) { t[i], t[j] = t[j], t[i] }
func (t timers) Less(i, j int) bool {
	if !t[i].at.Equal(t[j].at) {
		return t[i].at.Before(t[j].at)
	}
	return t[i].nr < t[j].nr
}

// Push and Pop are container/heap's.
func (t *timers) Push(x any) { *t = append(*t, x.(*timer)) }

// Pop takes the last one.
func (t *timers) Pop() any {
	old := *t
	last := old[len(old)-1]
	*t = old[:len(old)-1]
	return last
}

// now is what the wall clock shows.
func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.turned)
}

// turn sets the wall clock forward or back.
func (c *clock) turn(by time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.turned += by
}

// afterFunc plans a call. It is made when the history chooses it.
func (c *clock) afterFunc(p *process, d time.Duration, call func()) (stop func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.last++
	t := &timer{at: time.Now().Add(max(d, 0)), nr: c.last, by: p, call: call}
	heap.Push(&c.timers, t)
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		t.off = true
	}
}

// next is the first timer that is not stopped, nil if there is none.
func (c *clock) next() *timer {
	c.mu.Lock()
	defer c.mu.Unlock()
	for len(c.timers) > 0 {
		if t := c.timers[0]; !t.off && !t.by.dead {
			return t
		}
		heap.Pop(&c.timers)
	}
	return nil
}

// fire takes the first timer off and calls it.
func (c *clock) fire() {
	c.mu.Lock()
	t := heap.Pop(&c.timers).(*timer)
	c.mu.Unlock()
	go t.call()
}

// due reports whether the first timer's time has come.
func (c *clock) due() bool {
	t := c.next()
	return t != nil && !t.at.After(time.Now())
}
