package engine

import (
	"context"
	"errors"
	"time"

	"toban/internal/failpoint"
	"toban/internal/locale"
	"toban/internal/machine"
	"toban/internal/message"
	"toban/internal/node"
	"toban/internal/store"
)

const (
	deskTimeout = 2 * time.Minute
	// showAgain is the pause after which a question is looked at again that
	// could not be read: nobody else would show it or end it in time.
	showAgain = 5 * time.Second
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

// show posts the card of an open question unless it stands already.
func (e *Engine) show(id string) {
	q, err := e.cfg.Store.Question(e.ctx, id)
	if err != nil {
		if e.ctx.Err() == nil {
			e.log(node.Error, locale.Errorf("engine.question_unreadable", "question", id).Because(err))
			e.later(showAgain, func() { e.show(id) })
		}
		return
	}
	e.cfg.Observer.QuestionChanged(q)
	if q.State != store.Open { // it ended while we started: nobody may have told who waits
		e.questionEnded(q, nil)
		return
	}
	e.setDeadline(q)
	if e.cfg.Desk == nil || q.Ref != "" {
		return
	}
	card, err := cardOf(q)
	if err != nil {
		e.log(node.Error, err)
		return
	}
	ctx, cancel := context.WithTimeout(e.ctx, deskTimeout)
	defer cancel()
	failpoint.Here(failpoint.CardPosting)
	ref, err := e.cfg.Desk.Post(ctx, card)
	if err != nil {
		e.postFailed(q, err)
		return
	}
	failpoint.Here(failpoint.CardPosted)
	e.notePosted(id, ref)
}

// notePosted stores where a card stands: without that it could not be updated.
func (e *Engine) notePosted(id, ref string) {
	if err := e.cfg.Store.Posted(e.ctx, id, ref); err != nil {
		if e.ctx.Err() == nil {
			e.log(node.Error, locale.Errorf("engine.question_unreadable", "question", id).Because(err))
			e.later(showAgain, func() { e.notePosted(id, ref) })
		}
		return
	}
	failpoint.Here(failpoint.CardNoted)
	e.updateIfEnded(id)
}

// postFailed ends a question that can't be shown: its step fails with the
// reason. A question about an unknown outcome stays open, on the console.
func (e *Engine) postFailed(q store.Question, err error) {
	if e.ctx.Err() != nil {
		return // shown at the next start
	}
	if q.Kind == KindUnknown {
		e.log(node.Error, err)
		return
	}
	ended, endErr := e.cfg.Store.EndQuestion(e.ctx, q.ID, store.Ending{State: store.Cancelled})
	if endErr != nil {
		return // it was answered over the API meanwhile
	}
	e.questionEnded(ended, err)
}

// updateIfEnded covers the moment between posting and noting where the card
// stands: an answer in it could not update the card.
func (e *Engine) updateIfEnded(id string) {
	q, err := e.cfg.Store.Question(e.ctx, id)
	switch {
	case err != nil:
		e.later(showAgain, func() { e.updateIfEnded(id) })
	case q.State != store.Open:
		e.updateCard(q, func() {})
	}
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
