package engine

import "sync"

// crew counts goroutines. Unlike a sync.WaitGroup it lets new ones begin while
// somebody waits for the others: loops still run while a stop waits for effects.
type crew struct {
	mu   sync.Mutex
	n    int
	idle chan struct{} // closed when nobody is left; nil while nobody waits
}

// Go runs f in a goroutine of the crew.
func (c *crew) Go(f func()) {
	c.mu.Lock()
	c.n++
	c.mu.Unlock()
	go func() {
		defer c.leave()
		f()
	}()
}

func (c *crew) leave() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.n--; c.n == 0 && c.idle != nil {
		close(c.idle)
		c.idle = nil
	}
}

// Wait returns at a moment at which nobody is left.
func (c *crew) Wait() {
	c.mu.Lock()
	if c.n == 0 {
		c.mu.Unlock()
		return
	}
	if c.idle == nil {
		c.idle = make(chan struct{})
	}
	idle := c.idle
	c.mu.Unlock()
	<-idle
}
