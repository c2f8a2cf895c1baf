package ec2

import (
	"crypto/rand"
	"encoding/hex"
	"slices"
	"sync"
	"time"
)

// State is the state of an instance, by EC2's names.
type State string

// The states.
const (
	Pending    State = "pending"
	Running    State = "running"
	Stopping   State = "stopping"
	Stopped    State = "stopped"
	Terminated State = "terminated"
)

// Code is EC2's number of the state.
func (s State) Code() int {
	return map[State]int{Pending: 0, Running: 16, Stopping: 64, Stopped: 80, Terminated: 48}[s]
}

// Instance is one virtual machine.
type Instance struct {
	ID, Name string
	State    State
	Since    time.Time // of State
}

// Options says how long the states in between last.
type Options struct {
	Pending  time.Duration // from start to running
	Stopping time.Duration // from stop to stopped
}

// Cloud is an account in one region. It is safe for concurrent use.
type Cloud struct {
	options Options

	mu        sync.Mutex
	instances []Instance
	timers    map[string]*time.Timer // the end of a state in between, by instance
	watchers  map[chan struct{}]bool
	calls     []string
	closed    bool
}

// New makes an empty account.
func New(o Options) *Cloud {
	return &Cloud{options: o, timers: map[string]*time.Timer{}, watchers: map[chan struct{}]bool{}}
}

// Add makes a running instance and gives its id.
func (c *Cloud) Add(name string) string {
	var b [9]byte
	_, _ = rand.Read(b[:])
	id := "i-" + hex.EncodeToString(b[:])[:17]
	c.AddInstance(Instance{ID: id, Name: name, State: Running})
	return id
}

// AddInstance makes an instance with an id and a state of the caller's choice.
func (c *Cloud) AddInstance(i Instance) {
	c.mu.Lock()
	defer c.mu.Unlock()
	i.Since = time.Now()
	c.instances = append(c.instances, i)
	c.tell()
}

// Instances lists all instances in the order in which they were made.
func (c *Cloud) Instances() []Instance {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.instances)
}

// Instance finds an instance by its id.
func (c *Cloud) Instance(id string) (Instance, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if i := c.find(id); i >= 0 {
		return c.instances[i], true
	}
	return Instance{}, false
}

// Calls lists the API calls so far: "StopInstances i-0123".
func (c *Cloud) Calls() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.calls)
}

// Subscribe gives a channel that holds a token whenever something has changed
// since the last look. cancel ends the subscription.
func (c *Cloud) Subscribe() (changed <-chan struct{}, cancel func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	ch := make(chan struct{}, 1)
	c.watchers[ch] = true
	return ch, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.watchers, ch)
	}
}

// Close stops the clock: states no longer change by themselves.
func (c *Cloud) Close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
	for _, t := range c.timers {
		t.Stop()
	}
}

// tell wakes the watchers; the lock is held.
func (c *Cloud) tell() {
	for ch := range c.watchers {
		select {
		case ch <- struct{}{}:
		default: // it hasn't looked yet since the last token
		}
	}
}

func (c *Cloud) find(id string) int {
	return slices.IndexFunc(c.instances, func(i Instance) bool { return i.ID == id })
}
