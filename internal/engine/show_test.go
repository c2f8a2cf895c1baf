package engine_test

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"toban/internal/engine"
	"toban/internal/node"
	"toban/internal/store"
)

// patchy is a desk some of whose calls fail.
type patchy struct {
	*desk
	post, update func(ctx context.Context) error // nil: done as asked
}

func (d patchy) Post(ctx context.Context, c node.Card) (string, error) {
	ref, err := d.desk.Post(ctx, c)
	if d.post != nil && err == nil {
		d.mu.Lock()
		d.lost = c.ID
		d.mu.Unlock()
		err = d.post(ctx)
	}
	return ref, err
}

func (d patchy) Update(ctx context.Context, c node.Card, ref string) error {
	if d.update != nil {
		return d.update(ctx)
	}
	return d.desk.Update(ctx, c, ref)
}

// on gives an engine a desk that fails like d.
func (d patchy) on(c *engine.Config) {
	d.desk = c.Desk.(*desk)
	c.Desk = d
}

var errSlackIsAway = errors.New("slack answers 503")

// A card that could not be updated is updated by the next start, although its run
// has long gone on.
func TestCardIsUpdatedAfterARestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, asks, patchy{update: func(context.Context) error { return errSlackIsAway }}.on)
		r.emit("m1")
		if err := r.answer(r.question().ID, yes); err != nil {
			t.Fatal(err)
		}
		same(t, "effects", r.w.effects(), []string{"go"})
		r.ended("done")
		same(t, "cards before", r.desk.shown(), []string{"post ask open"})
		r.crash()
		same(t, "cards after", r.desk.shown(), []string{"post ask open", "update ask answered"})
		r.crash()
		same(t, "cards in the end", len(r.desk.shown()), 2)
		same(t, "effects in the end", r.w.effects(), []string{"go"})
	})
}

// Slack took the card, and its answer was lost: the question ends as one that
// could not be asked, and the card says so.
func TestCardThatStandsUnheardIsClosed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, asks, patchy{post: func(context.Context) error { return errSlackIsAway }}.on)
		r.emit("m1")
		same(t, "ends", r.w.ends(), []string{"error: slack answers 503"})
		same(t, "cards", r.desk.shown(), []string{"post ask open", "update ask cancelled"})
	})
}

// The answer comes from elsewhere while the card is being posted, and the process
// dies before it has noted where that stands: the next start finds it.
func TestCardOfAnAnsweredQuestionIsFound(t *testing.T) {
	hang := func(ctx context.Context) error {
		<-ctx.Done()
		return ctx.Err()
	}
	synctest.Test(t, func(t *testing.T) {
		r := start(t, asks, patchy{post: hang}.on)
		r.emit("m1")
		if err := r.answer(r.question().ID, yes); err != nil {
			t.Fatal(err)
		}
		same(t, "effects", r.w.effects(), []string{"go"})
		time.Sleep(time.Second)
		r.crash()
		same(t, "cards", r.desk.shown(), []string{"post ask open", "update ask answered"})
		same(t, "effects in the end", r.w.effects(), []string{"go"})
	})
}

// slowReads answers the first question about a question late.
type slowReads struct {
	store.Store
	asked atomic.Bool
}

func (s *slowReads) Question(ctx context.Context, id string) (store.Question, error) {
	q, err := s.Store.Question(ctx, id)
	if !s.asked.Swap(true) {
		time.Sleep(10 * time.Second)
	}
	return q, err
}

// A start looks at a question whose card stands, and in that moment it is answered:
// the card is updated where it stands, also where Slack lets nobody look for it.
func TestCardThatStandsNeedsNoSearch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, asks)
		r.emit("m1")
		q := r.question()
		r.crash(func(c *engine.Config) { c.Store = &slowReads{Store: c.Store} })
		if err := r.answer(q.ID, yes); err != nil {
			t.Fatal(err)
		}
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if cards := r.desk.shown(); !slices.Contains(cards, "update ask answered") {
			t.Errorf("the card still has its buttons: %q", cards)
		}
	})
}

// An answer while the card is being posted: the card is updated as soon as it stands.
func TestCardIsUpdatedOncePosted(t *testing.T) {
	slow := func(context.Context) error {
		time.Sleep(10 * time.Second)
		return nil
	}
	synctest.Test(t, func(t *testing.T) {
		r := start(t, asks, patchy{post: slow}.on)
		r.emit("m1")
		if err := r.answer(r.question().ID, yes); err != nil {
			t.Fatal(err)
		}
		same(t, "cards at first", r.desk.shown(), []string{"post ask open"})
		time.Sleep(10 * time.Second)
		synctest.Wait()
		same(t, "cards", r.desk.shown(), []string{"post ask open", "update ask answered"})
	})
}
