package engine

import (
	"errors"
	"time"

	"toban/internal/failpoint"
	"toban/internal/machine"
	"toban/internal/message"
	"toban/internal/node"
	"toban/internal/store"
)

const (
	// unknownTimeout is how long a question about an unknown outcome stays open.
	unknownTimeout = 24 * time.Hour
	// defaultTimeout ends a question whose node gave no time: every question ends.
	defaultTimeout = 24 * time.Hour
)

// The kinds of question.
const (
	KindAsk     = "ask"
	KindUnknown = "unknown"
)

// ask stores an Asker's question and waits for its answer.
func (h *step) ask(msg *message.Object) {
	q, err := h.inst.asker.Ask(h, msg)
	if err != nil {
		h.Fail(err)
		return
	}
	if q == nil {
		h.settle(nil)
		return
	}
	if q.Timeout <= 0 {
		q.Timeout = defaultTimeout
	}
	h.speaksIn(q.Channel, q.Connection)
	h.p.lateNotes(h.run)
	h.open(KindAsk, machine.Asking, *q)
}

// open stores a question; it is shown once it is stored.
func (h *step) open(kind string, state machine.StepState, q node.Question) {
	now := h.p.e.cfg.Now()
	row := store.Question{
		ID: newQuestionID(), Run: h.run.ID, Step: h.s.Seq, Partition: h.p.name, Node: h.s.Node, Kind: kind,
		Title: q.Title, Connection: q.Connection, Channel: q.Channel, Body: encodeQuestion(q, h.run.Rehearsal),
		Approvers: q.Approvers, State: store.Open, CreatedAt: now, Deadline: now.Add(q.Timeout),
	}
	h.p.asked[row.ID] = machine.Open{Run: h.run, Step: h.s}
	h.p.expect(row.ID)
	h.p.m.Ask(h.run, h.s, state, row)
}

// expect notes that the outcome of a question is for this partition.
func (p *partition) expect(question string) {
	p.e.mu.Lock()
	defer p.e.mu.Unlock()
	p.e.asking[question] = p
}

// showQuestion posts the card of a question that is now stored, and sets its
// deadline. If its run was cancelled meanwhile, the question ends at once.
func (p *partition) showQuestion(r machine.Release) {
	if !r.Step.Waits(r.Question) {
		p.e.endQuestion(r.Question)
		return
	}
	p.e.work.Go(func() { p.e.show(r.Question) })
}

// setDeadline ends the question when its time is up.
func (e *Engine) setDeadline(q store.Question) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if _, known := e.deadlines[q.ID]; known || e.stopping.Load() {
		return
	}
	e.planDeadline(q.ID, q.Deadline, q.Deadline.Sub(e.cfg.Now()))
}

func (e *Engine) clearDeadline(id string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if d, known := e.deadlines[id]; known {
		d.stop()
		delete(e.deadlines, id)
	}
}

func (e *Engine) stopDeadlines() {
	e.mu.Lock()
	defer e.mu.Unlock()
	for id, d := range e.deadlines {
		d.stop()
		delete(e.deadlines, id)
	}
}

// expire ends a question whose deadline has passed. The store's clock decides;
// if it is behind ours, or the store fails, the question is tried again.
func (e *Engine) expire(id string) {
	if e.ctx.Err() != nil {
		return
	}
	failpoint.Here(failpoint.DeadlinePassed)
	q, err := e.cfg.Store.EndQuestion(e.ctx, id, store.Ending{State: store.Expired})
	if err == nil {
		failpoint.Here(failpoint.ExpiryStored)
		e.questionEnded(q, nil)
		return
	}
	if q.State != "" && q.State != store.Open {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.stopping.Load() {
		e.planDeadline(id, e.deadlines[id].due, time.Second)
	}
}

// endQuestion cancels a question whose step is gone.
func (e *Engine) endQuestion(id string) {
	e.work.Go(func() { e.endQuestionNow(id) })
}

func (e *Engine) endQuestionNow(id string) {
	failpoint.Here(failpoint.CancelStoring)
	q, err := e.cfg.Store.EndQuestion(e.ctx, id, store.Ending{State: store.Cancelled})
	switch {
	case err == nil:
		failpoint.Here(failpoint.CancelStored)
		e.questionEnded(q, nil)
	case errors.Is(err, store.ErrClosed), errors.Is(err, store.ErrNotFound):
		// It has ended otherwise, or isn't stored yet: then showQuestion ends it.
	case e.ctx.Err() == nil:
		e.later(showAgain, func() { e.endQuestion(id) })
	}
}
