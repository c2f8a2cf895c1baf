package engine

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"toban/internal/failpoint"
	"toban/internal/locale"
	"toban/internal/machine"
	"toban/internal/node"
	"toban/internal/store"
)

// Answer ends the question id with an answer. The first valid answer counts;
// the store's compare-and-swap decides which one that is.
func (e *Engine) Answer(ctx context.Context, id string, a node.Answer) (node.Card, error) {
	q, err := e.cfg.Store.Question(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return node.Card{}, node.ErrNoQuestion
	}
	if err != nil {
		return node.Card{}, err
	}
	card, err := cardOf(q)
	if err != nil {
		return node.Card{}, err
	}
	if len(q.Approvers) > 0 && !slices.Contains(q.Approvers, a.By.ID) {
		return card, node.ErrNotAllowed
	}
	if !validChoice(card.Question, a) {
		return card, locale.Errorf("engine.no_such_choice", "value", a.Value)
	}
	a.At = e.cfg.Now()
	failpoint.Here(failpoint.AnswerStoring)
	ended, err := e.cfg.Store.EndQuestion(ctx, id, store.Ending{State: store.Answered, Answer: encodeAnswer(a)})
	if errors.Is(err, store.ErrClosed) {
		card, cardErr := cardOf(ended)
		return card, errors.Join(node.ErrClosed, cardErr)
	}
	if err != nil {
		return card, err
	}
	failpoint.Here(failpoint.AnswerStored)
	e.questionEnded(ended, nil)
	return cardOf(ended)
}

func validChoice(q node.Question, a node.Answer) bool {
	if len(q.Choices) == 0 {
		return a.Choice < 0
	}
	return a.Choice >= 0 && a.Choice < len(q.Choices)
}

// questionEnded tells everybody that a question ended: the card, and the
// partition that waits. reason is why it was cancelled, nil otherwise.
func (e *Engine) questionEnded(q store.Question, reason error) {
	e.clearDeadline(q.ID)
	e.cfg.Observer.QuestionChanged(q)
	e.goOn(e.takeAsking(q.ID), q, reason)
}

// goOn gives the outcome of a question to the card, and to the partition that
// waits for it, nil if that has it already. Only when both have it the question is
// done with: a crash before that makes the next start look at it again.
func (e *Engine) goOn(p *partition, q store.Question, reason error) {
	shown := func() {}
	if p != nil {
		p.post(func() { p.consume(q, reason) })
		shown = func() {
			p.post(func() {
				p.consume(q, reason) // never after it is done with, whatever came first
				p.m.Consume(q.ID)
			})
		}
	}
	e.whenShown(q, func(ref string) {
		there := q // the partition reads its own
		there.Ref = cmp.Or(q.Ref, ref)
		e.updateCard(there, shown)
	})
}

// takeAsking gives the partition that waits for a question, for the last time. The
// name in the question's row may be an old one: tabs may have been joined since.
func (e *Engine) takeAsking(question string) *partition {
	e.mu.Lock()
	defer e.mu.Unlock()
	p := e.asking[question]
	delete(e.asking, question)
	return p
}

// consume goes on with the step that waited for a question. The outcome is in
// the run with the next cut; until then the store has it.
func (p *partition) consume(q store.Question, reason error) {
	open, ok := p.asked[q.ID]
	delete(p.asked, q.ID)
	if !ok || !open.Step.Waits(q.ID) {
		return
	}
	h := p.handle(open.Run, open.Step)
	if h == nil {
		p.m.End(open.Run, open.Step, machine.Interrupted, p.e.cfg.Now())
		return
	}
	p.m.Resume(h.run, h.s)
	h.enter(func() {
		if q.Kind == KindUnknown {
			h.decided(q)
			return
		}
		h.answered(q, reason)
	})
}

// answered gives the answer to the Asker, or fails its step.
func (h *step) answered(q store.Question, reason error) {
	switch q.State {
	case store.Answered:
		a, err := decodeAnswer(q.Answer)
		if err == nil {
			err = h.inst.asker.Answered(h, h.s.Input, a)
		}
		h.settle(err)
	case store.Expired:
		h.Fail(&node.Coded{Code: "timeout", Err: locale.Errorf("engine.question_expired",
			"node", h.inst.env.Label(), "after", locale.Duration(q.Deadline.Sub(q.CreatedAt).Round(time.Second)))})
	default:
		if reason == nil {
			reason = &node.Coded{Code: "cancelled", Err: locale.Errorf("engine.question_cancelled",
				"node", h.inst.env.Label())}
		}
		h.Fail(reason)
	}
}

var _ node.Answerer = (*Engine)(nil)
