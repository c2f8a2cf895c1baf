package nodetest

import (
	"slices"
	"time"

	"toban/internal/node"
)

type timer struct {
	at time.Time
	f  func()
}

// Now is the virtual clock.
func (e *Env) Now() time.Time {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.now.Add(e.off)
}

// SetClock puts the virtual clock forward, or back, as a person or a sleeping
// machine does: timers don't follow.
func (e *Env) SetClock(by time.Duration) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.off += by
}

// steady is the time by which timers run.
func (e *Env) steady() time.Time {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.now
}

// After sets a timer of the virtual clock.
func (e *Env) After(d time.Duration, f func()) (cancel func()) {
	e.mu.Lock()
	defer e.mu.Unlock()
	t := &timer{e.now.Add(d), f}
	e.timers = append(e.timers, t)
	return func() {
		e.mu.Lock()
		defer e.mu.Unlock()
		e.timers = slices.DeleteFunc(e.timers, func(other *timer) bool { return other == t })
	}
}

// Do queues f; the harness runs it after the current delivery, in Advance, or in Drain.
func (e *Env) Do(f func()) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.queue = append(e.queue, f)
}

// Drain runs what Do has queued until nothing is left.
func (e *Env) Drain() {
	for {
		e.mu.Lock()
		if len(e.queue) == 0 {
			e.mu.Unlock()
			return
		}
		f := e.queue[0]
		e.queue = e.queue[1:]
		e.mu.Unlock()
		f()
	}
}

func (e *Env) advance(d time.Duration) {
	end := e.steady().Add(d)
	for {
		e.Drain()
		at, fire := e.nextDue(end)
		if fire == nil {
			break
		}
		e.setNow(at)
		fire()
	}
	e.setNow(end)
}

// setNow never moves the clock back: something that was due already fires now.
func (e *Env) setNow(t time.Time) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if t.After(e.now) {
		e.now = t
	}
}

// nextDue takes out the timer or row that falls due first, up to end.
func (e *Env) nextDue(end time.Time) (time.Time, func()) {
	row, hasRow := e.state.nextDue(end)
	e.mu.Lock()
	defer e.mu.Unlock()
	first := -1
	for i, t := range e.timers {
		if !t.at.After(end) && (first < 0 || t.at.Before(e.timers[first].at)) {
			first = i
		}
	}
	if hasRow && (first < 0 || row.Due.Before(e.timers[first].at)) {
		e.state.fired(row)
		return row.Due, func() { e.wake(row) }
	}
	if first < 0 {
		return time.Time{}, nil
	}
	t := e.timers[first]
	e.timers = slices.Delete(e.timers, first, first+1)
	return t.at, t.f
}

// state keeps a node's rows in order of Seq.
type state struct {
	rows []node.Row
	seq  uint64
}

// Rows lists the rows.
func (s *state) Rows() []node.Row { return slices.Clone(s.rows) }

// Put adds or replaces a row.
func (s *state) Put(r node.Row) node.Row {
	if r.Step != nil {
		r.Step.Defer()
	}
	if i := s.find(r.Seq); i >= 0 {
		s.rows[i] = r
		return r
	}
	s.seq++
	r.Seq = s.seq
	s.rows = append(s.rows, r)
	return r
}

// Delete removes a row.
func (s *state) Delete(seq uint64) {
	if i := s.find(seq); i >= 0 {
		s.rows = slices.Delete(s.rows, i, i+1)
	}
}

func (s *state) find(seq uint64) int {
	return slices.IndexFunc(s.rows, func(r node.Row) bool { return r.Seq == seq })
}

func (s *state) nextDue(end time.Time) (first node.Row, ok bool) {
	for _, r := range s.rows {
		if !r.Due.IsZero() && !r.Due.After(end) && (!ok || r.Due.Before(first.Due)) {
			first, ok = r, true
		}
	}
	return first, ok
}

// fired keeps a row that its node leaves in place from waking it twice.
func (s *state) fired(r node.Row) { s.rows[s.find(r.Seq)].Due = time.Time{} }

var _ node.State = (*state)(nil)
