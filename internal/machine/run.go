package machine

import (
	"time"

	"toban/internal/message"
	"toban/internal/store"
)

// The states of a run.
const (
	RunRunning   = "running"
	RunWaiting   = "waiting"
	RunDone      = "done"
	RunFailed    = "failed"
	RunCancelled = "cancelled"
)

// Run is everything that follows from one event, while it is open.
type Run struct {
	store.Run
	// Channel and Connection are where the run last spoke to people.
	Channel, Connection string

	steps []*Step // by Seq; nil once ended and written
	open  int     // steps that have not ended, queued ones included
	// touched: the run did or needs something that must survive, so it is
	// written with the next cut. An untouched run that ends needs no fsync.
	touched   bool
	stored    bool // its row is on stable storage or in the cut under way
	dirty     bool
	cancelled bool
	forgotten bool // it ended without a trace to keep
	encoder   *message.Encoder
	changed   []*Step // steps changed since the last cut
}

// Step gives a step that is still in memory, nil otherwise.
func (r *Run) Step(seq int) *Step {
	if seq < 0 || seq >= len(r.steps) {
		return nil
	}
	return r.steps[seq]
}

// OpenSteps lists the steps that have not ended, in order.
func (r *Run) OpenSteps() []*Step {
	var open []*Step
	for _, s := range r.steps {
		if s != nil && s.State.Open() {
			open = append(open, s)
		}
	}
	return open
}

// Steps gives the number of steps that the run has had.
func (r *Run) Steps() int { return len(r.steps) }

// Ended reports whether the run is over.
func (r *Run) Ended() bool { return !r.EndedAt.IsZero() }

// Touched reports whether the run must be written before its event is acknowledged.
func (r *Run) Touched() bool { return r.touched }

func (r *Run) add(s *Step) {
	s.Seq = len(r.steps)
	r.steps = append(r.steps, s)
	if s.State.Open() {
		r.open++
	}
}

// refresh sets the status from the open steps: a run whose open steps all wait
// for a person or a row is waiting.
func (r *Run) refresh() {
	if r.Ended() {
		return
	}
	waiting := ""
	for _, s := range r.steps {
		if s == nil || !s.State.Open() {
			continue
		}
		switch s.State {
		case Asking, Held, Unknown:
			if waiting == "" || s.State == Unknown {
				waiting = s.State.String()
			}
		default:
			r.Status, r.Waiting = RunRunning, ""
			return
		}
	}
	r.Status, r.Waiting = RunWaiting, waiting
}

func (r *Run) end(now time.Time) {
	r.Waiting = ""
	r.EndedAt = now
	switch {
	case r.cancelled:
		r.Status = RunCancelled
	case r.Error != "":
		r.Status = RunFailed
	default:
		r.Status = RunDone
	}
}
