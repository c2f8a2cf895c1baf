package engine

import (
	"context"
	"time"

	"toban/internal/failpoint"
	"toban/internal/locale"
	"toban/internal/node"
	"toban/internal/store"
)

const (
	deskTimeout = 2 * time.Minute
	// showAgain is the pause after which a question is looked at again that
	// could not be read: nobody else would show it or end it in time.
	showAgain = 5 * time.Second
	// updateAgain is the first pause before a card is updated again that could not
	// be, and updateTries how often that is tried; each pause is twice the one
	// before. After that the card has its buttons until somebody clicks, or until the
	// next start.
	updateAgain = 5 * time.Second
	updateTries = 9
)

// show posts the card of an open question unless it stands already.
func (e *Engine) show(id string) {
	e.showBegins(id)
	if ref, posted := e.post(id); posted {
		e.notePosted(id, ref)
		return
	}
	e.showEnds(id, "")
}

// post posts the card of a question that is open and has none. posted is false
// also where that is not known: the card may stand there.
func (e *Engine) post(id string) (ref string, posted bool) {
	q, err := e.cfg.Store.Question(e.ctx, id)
	if err != nil {
		if e.ctx.Err() == nil {
			e.log(node.Error, locale.Errorf("engine.question_unreadable", "question", id).Because(err))
			e.later(showAgain, func() { e.show(id) })
		}
		return "", false
	}
	e.cfg.Observer.QuestionChanged(q)
	if q.State != store.Open { // it ended while we started: nobody may have told who waits
		e.questionEnded(q, nil)
		return "", false
	}
	e.setDeadline(q)
	if e.cfg.Desk == nil || q.Ref != "" {
		return "", false
	}
	card, err := cardOf(q)
	if err != nil {
		e.log(node.Error, err)
		return "", false
	}
	ctx, cancel := context.WithTimeout(e.ctx, deskTimeout)
	defer cancel()
	failpoint.Here(failpoint.CardPosting)
	ref, err = e.cfg.Desk.Post(ctx, card)
	if err != nil {
		e.postFailed(q, err)
		return "", false
	}
	failpoint.Here(failpoint.CardPosted)
	return ref, true
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
	e.showEnds(id, ref)
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

// showBegins and showEnds are around the time in which a card is being posted:
// nobody knows then where it stands, or whether it does.
func (e *Engine) showBegins(id string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.showing[id] = nil
}

func (e *Engine) showEnds(id, ref string) {
	e.mu.Lock()
	waiting := e.showing[id]
	delete(e.showing, id)
	e.mu.Unlock()
	for _, f := range waiting {
		e.work.Go(func() { f(ref) })
	}
}

// whenShown does f with the place of an ended question's card, "" if that isn't
// known; if the card is just being posted, afterwards.
func (e *Engine) whenShown(q store.Question, f func(ref string)) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if waiting, posting := e.showing[q.ID]; posting {
		e.showing[q.ID] = append(waiting, f)
		return
	}
	e.work.Go(func() { f(q.Ref) })
}

// updateCard makes the card of an ended question show how it ended. shown is
// called once it does, and if there is none.
func (e *Engine) updateCard(q store.Question, shown func()) { e.updateCardAt(q, 1, shown) }

func (e *Engine) updateCardAt(q store.Question, try int, shown func()) {
	err := e.closeCard(q)
	if err == nil {
		shown()
		return
	}
	if e.ctx.Err() == nil {
		e.log(node.Error, locale.Errorf("engine.card_not_updated", "question", q.Title).Because(err))
		if try < updateTries {
			e.later(updateAgain<<(try-1), func() { e.updateCardAt(q, try+1, shown) })
		}
	}
}

// closeCard updates the card, wherever it stands: a crash, or a lost answer, may
// have come between posting it and noting where.
func (e *Engine) closeCard(q store.Question) error {
	if e.cfg.Desk == nil {
		return nil
	}
	card, err := cardOf(q)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(e.ctx, deskTimeout)
	defer cancel()
	ref := q.Ref
	if ref == "" {
		if ref, err = e.cfg.Desk.Find(ctx, card); err != nil || ref == "" {
			return err
		}
	}
	failpoint.Here(failpoint.CardUpdating)
	err = e.cfg.Desk.Update(ctx, card, ref)
	failpoint.Here(failpoint.CardUpdated)
	return err
}
