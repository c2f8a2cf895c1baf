package machine

import (
	"time"

	"toban/internal/message"
	"toban/internal/node"
	"toban/internal/store"
)

// Machine is the state of one partition.
type Machine struct {
	Name string

	runs     map[string]*Run
	queue    queue
	order    uint64 // of the next delivery
	contexts map[string]*message.Object
	rows     map[string]*shelf

	dirtyRuns     []*Run
	histories     int // untouched runs in dirtyRuns that ended and are worth a record
	forgottenRuns int // those that are not
	dirtyContexts map[string]bool
	dirtyRows     []rowChange
	questions     []store.Question
	consumed      []string
	held          []Release // until the next cut is committed
	inFlight      []Release // until the cut under way is committed
	underWay      bool
	dropped       int    // histories that were given up
	ended         []*Run // since TakeEnded
}

// New makes the machine of an empty partition.
func New(name string) *Machine {
	return &Machine{
		Name:          name,
		runs:          map[string]*Run{},
		contexts:      map[string]*message.Object{},
		rows:          map[string]*shelf{},
		dirtyContexts: map[string]bool{},
	}
}

// Start begins a run: row says what it is, from is the node that the event
// comes from, and targets are the first deliveries. The source is the run's
// step 0, ended at once, with sent as its outputs. A delivery to the source
// itself (the button of an inject node) has no such step.
func (m *Machine) Start(row store.Run, from string, sent []Output, targets []Target) *Run {
	row.Partition, row.Status = m.Name, RunRunning
	r := &Run{Run: row}
	m.runs[row.ID] = r
	parent := -1
	if sent != nil {
		parent = 0
		s := &Step{
			Node: from, Parent: -1, State: Done, Outputs: sent,
			QueuedAt: row.StartedAt, StartedAt: row.StartedAt, EndedAt: row.StartedAt,
		}
		r.add(s)
		m.touchStep(r, s)
	}
	for _, t := range targets {
		m.enqueue(r, parent, t, row.StartedAt)
	}
	m.settle(r, row.StartedAt)
	return r
}

// Run gives an open run, nil if there is none.
func (m *Machine) Run(id string) *Run { return m.runs[id] }

// Runs iterates over the open runs, in no order.
func (m *Machine) Runs() map[string]*Run { return m.runs }

// Queued is the number of deliveries that wait.
func (m *Machine) Queued() int { return m.queue.len() }

// Next takes the next delivery off the queue and opens its step.
func (m *Machine) Next(now time.Time) (*Run, *Step, bool) {
	for {
		d, ok := m.queue.pop()
		if !ok {
			return nil, nil, false
		}
		if d.step.State != Queued { // cancelled while it waited
			continue
		}
		d.step.State = Running
		d.step.StartedAt = now
		m.touchStep(d.run, d.step)
		return d.run, d.step, true
	}
}

// Send records what a step sent and queues the deliveries. It may be called
// after the step's end, but not after the run's.
func (m *Machine) Send(r *Run, s *Step, sent []Output, targets []Target, now time.Time) {
	s.Outputs = append(s.Outputs, sent...)
	m.touchStep(r, s)
	for _, t := range targets {
		m.enqueue(r, s.Seq, t, now)
	}
}

// Plan makes a step wait for the slot of its effect.
func (m *Machine) Plan(r *Run, s *Step, eff *node.Effect) {
	s.State, s.Preview, s.Policy, s.Trail = Planned, eff.Preview, eff.Policy, eff.Trail
	r.touched = true
	m.touchStep(r, s)
}

// Reserve marks that the step's effect may start; it does so when the release
// comes back from Committed.
func (m *Machine) Reserve(r *Run, s *Step) {
	s.State = Reserved
	s.Attempt++
	r.touched = true
	m.touchStep(r, s)
	m.held = append(m.held, Release{Kind: StartEffect, Run: r, Step: s, Attempt: s.Attempt})
}

// Hold marks a step that a row of its node's state keeps.
func (m *Machine) Hold(r *Run, s *Step) {
	s.State = Held
	r.touched = true
	m.touchStep(r, s)
	m.touchRun(r)
}

// Ask makes the step wait for a question, which is shown once it is stored.
// state is Asking or Unknown.
func (m *Machine) Ask(r *Run, s *Step, state StepState, q store.Question) {
	s.State, s.Question = state, q.ID
	r.touched = true
	m.touchStep(r, s)
	m.questions = append(m.questions, q)
	m.held = append(m.held, Release{Kind: ShowQuestion, Run: r, Step: s, Question: q.ID})
	m.touchRun(r)
}

// Resume opens a step again that waited for an answer or a row; the question's
// outcome becomes part of the run with the next cut.
func (m *Machine) Resume(r *Run, s *Step) {
	s.State = Running
	m.touchStep(r, s)
	m.touchRun(r)
}

// Consume drops a question for which nothing is to be done any more: its step has
// gone on, or is gone, and its card shows how it ended.
func (m *Machine) Consume(question string) { m.consumed = append(m.consumed, question) }

// Requeue delivers a step again: its effect is to be planned anew.
func (m *Machine) Requeue(r *Run, s *Step) {
	s.State = Queued
	m.touchStep(r, s)
	m.queue.push(delivery{r, s})
}

// End ends a step. The outcome is one of the states that are not open.
func (m *Machine) End(r *Run, s *Step, outcome StepState, now time.Time) {
	if !s.State.Open() {
		return
	}
	s.State, s.EndedAt = outcome, now
	r.open--
	m.touchStep(r, s)
	m.settle(r, now)
}

// Fail records the error that a step ends with or reported. Uncaught errors fail the run.
func (m *Machine) Fail(r *Run, s *Step, text, code string, caught bool) {
	s.Error, s.Code, s.Caught = text, code, caught
	if !caught && r.Error == "" {
		r.Error = text
	}
	m.touchStep(r, s)
}

// Cancel ends a run: queued deliveries are dropped, waiting steps end. Steps
// whose effect is under way, or that a node is working on, end when they come
// back; nothing that they send is delivered.
func (m *Machine) Cancel(r *Run, now time.Time) (questions []string) {
	r.cancelled = true
	m.Touch(r)
	for _, s := range r.OpenSteps() {
		if s.State == Reserved || s.State == Running {
			continue
		}
		if s.Question != "" && (s.State == Asking || s.State == Unknown) {
			questions = append(questions, s.Question)
		}
		m.End(r, s, Cancelled, now)
	}
	m.settle(r, now)
	return questions
}

// TakeEnded gives the runs that ended since it was last called.
func (m *Machine) TakeEnded() []*Run {
	ended := m.ended
	m.ended = nil
	return ended
}

// Dropped is the number of histories of runs without effect that were given up.
func (m *Machine) Dropped() int { return m.dropped }

// Cancelled reports whether the run was cancelled.
func (r *Run) Cancelled() bool { return r.cancelled }

// Touch marks that the run did something that must survive (context, state).
func (m *Machine) Touch(r *Run) {
	r.touched = true
	m.touchRun(r)
}

func (m *Machine) enqueue(r *Run, parent int, t Target, now time.Time) {
	if r.cancelled {
		return
	}
	s := &Step{Node: t.Node, Parent: parent, Port: t.Port, Input: t.Msg, QueuedAt: now, Order: m.order}
	m.order++
	r.add(s)
	m.touchStep(r, s)
	m.queue.push(delivery{r, s})
}

func (m *Machine) touchStep(r *Run, s *Step) {
	if !s.dirty {
		s.dirty = true
		r.changed = append(r.changed, s)
	}
	m.touchRun(r)
}

func (m *Machine) touchRun(r *Run) {
	if !r.dirty {
		r.dirty = true
		m.dirtyRuns = append(m.dirtyRuns, r)
	}
}

// historyLimit bounds the histories of untouched runs that wait for a cut; more are dropped and counted.
const historyLimit = 512

// settle ends the run once no step is open. Without a trace in the world its
// history is all there is to keep, and that is bounded.
func (m *Machine) settle(r *Run, now time.Time) {
	if r.open > 0 || r.Ended() {
		return
	}
	r.end(now)
	delete(m.runs, r.ID)
	m.ended = append(m.ended, r)
	if r.touched || r.stored {
		return
	}
	if m.histories == historyLimit {
		r.forgotten, r.steps, r.changed = true, nil, nil
		m.dropped++
		m.forgottenRuns++
		return
	}
	m.histories++
}
