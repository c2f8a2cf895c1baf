package simulate

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"toban/internal/engine"
	"toban/internal/node"
	"toban/internal/store"
)

// desk is the Slack of a history: it shows cards, and counts.
type desk struct {
	mu    sync.Mutex
	cards map[string]*card // by question id
	order []string
	again map[string]int // how often people decided "run again", by step key

	ended    map[string]store.Question // by id: how each question ended
	accepted map[string]node.Answer    // answers that a person was told have counted
}

// card is what stands in the channel.
type card struct {
	id      string
	kind    string
	shown   string // open, answered …
	choices int
	posts   int
}

func newDesk() *desk {
	return &desk{cards: map[string]*card{}, again: map[string]int{}, ended: map[string]store.Question{}, accepted: map[string]node.Answer{}}
}

var errDesk = errors.New("the desk answers 500")

// view is a process's access to the desk.
type view struct{ p *process }

// Post shows a card, once: the desk knows a question by its id.
func (v view) Post(ctx context.Context, c node.Card) (ref string, err error) {
	h := v.p.h
	if !v.p.isDead() {
		h.mayShow(c)
	}
	show := func() {
		if ctx.Err() != nil {
			err = ctx.Err()
			return
		}
		h.desk.show(c)
		ref = "ref-" + c.ID
	}
	alive := v.p.pass(&op{name: "post " + c.ID, late: show, ways: []way{
		{"shown", show},
		{"fails", func() { err = errDesk }},
		{"shown, unheard", func() { show(); ref, err = "", errDesk }},
	}})
	if !alive {
		return "", errDesk
	}
	return ref, err
}

func (d *desk) show(c node.Card) {
	d.mu.Lock()
	defer d.mu.Unlock()
	k := d.cards[c.ID]
	if k == nil {
		k = &card{id: c.ID, kind: c.Kind, shown: c.State, choices: len(c.Question.Choices)}
		d.cards[c.ID] = k
		d.order = append(d.order, c.ID)
	}
	k.posts++
}

// Find says where a card stands, if it does.
func (v view) Find(ctx context.Context, c node.Card) (ref string, err error) {
	h := v.p.h
	alive := v.p.pass(&op{name: "find " + c.ID, alike: true, ways: []way{
		{"seen", func() { ref, err = h.desk.where(c.ID), ctx.Err() }},
		{"fails", func() { err = errDesk }},
	}})
	if !alive {
		return "", errDesk
	}
	return ref, err
}

func (d *desk) where(id string) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.cards[id] == nil {
		return ""
	}
	return "ref-" + id
}

// Update makes the card show how its question stands.
func (v view) Update(ctx context.Context, c node.Card, ref string) (err error) {
	h := v.p.h
	if ref != "ref-"+c.ID {
		h.violated("P3", "the card of %s is updated at %q", h.names(c.ID), ref)
	}
	show := func() {
		if ctx.Err() != nil {
			err = ctx.Err()
			return
		}
		h.desk.mu.Lock()
		defer h.desk.mu.Unlock()
		if k := h.desk.cards[c.ID]; k != nil {
			k.shown = c.State
		}
	}
	alive := v.p.pass(&op{name: "update " + c.ID + " " + c.State, alike: true, late: show, ways: []way{
		{"shown", show},
		{"fails", func() { err = errDesk }},
	}})
	if !alive {
		return errDesk
	}
	return err
}

// Note posts a text; only rehearsals do.
func (v view) Note(_ context.Context, _, _, _, text string) (err error) {
	v.p.pass(&op{name: "note " + text, alike: true, ways: []way{{"posted", func() {}}, {"fails", func() { err = errDesk }}}})
	return err
}

// mayShow checks that a question is stored before anybody sees it.
func (h *history) mayShow(c node.Card) {
	if _, err := h.disk.Question(context.Background(), c.ID); err != nil {
		h.violated("P3", "the card of %s is posted and its question is not stored", h.names(c.ID))
	}
}

// people may answer.
var people = []string{"U1", "U2", "U3"}

// click is one person's answer, over the card or the console.
func (h *history) click(id, person string, choice, nr int) {
	p := h.proc
	go func() {
		ctx := as(p.life, fmt.Sprintf("click%d", nr))
		a := node.Answer{Choice: choice, Value: []string{"yes", "no", "third", "fourth"}[choice], Via: "slack",
			By: node.Person{ID: person, Name: person}}
		_, err := p.engine.Answer(ctx, id, a)
		if p.isDead() {
			return
		}
		h.tell("answer %d is told %s", nr, told(err))
		if err == nil {
			h.answerCounted(id, a)
		}
	}()
}

func told(err error) string {
	switch {
	case err == nil:
		return "it counts"
	case errors.Is(err, node.ErrClosed):
		return "too late"
	case errors.Is(err, node.ErrNotAllowed):
		return "not allowed"
	}
	return "an error"
}

// answerCounted checks P3 when a person is told that the answer counts: nobody
// else was told so, and it is the one that is stored.
func (h *history) answerCounted(id string, a node.Answer) {
	d := h.desk
	d.mu.Lock()
	before, twice := d.accepted[id]
	d.accepted[id] = a
	d.mu.Unlock()
	if twice {
		h.violated("P3", "two answers to %s count: %s by %s and %s by %s", h.names(id), before.Value, before.By.ID, a.Value, a.By.ID)
	}
	q, err := h.disk.Question(context.Background(), id)
	if err != nil || q.State != store.Answered {
		h.violated("P3", "an answer to %s counts and is not stored: %s, %v", h.names(id), q.State, err)
		return
	}
	if got := h.answerOf(q); got.Choice != a.Choice || got.By.ID != a.By.ID {
		h.violated("P3", "%s says %s that counts, and %s is stored", a.By.ID, a.Value, got.Value)
	}
}

// answerOf reads the answer of a question's row.
func (h *history) answerOf(q store.Question) node.Answer {
	c, err := (*engine.Engine)(nil).Card(q)
	if err != nil || c.Answer == nil {
		h.violated("P3", "the answer of %s can't be read: %v", h.names(q.ID), err)
		return node.Answer{Choice: -1}
	}
	return *c.Answer
}

// questionEnds checks P3 as a question ends in the store: for the first time,
// on the right side of its deadline, by somebody who may.
func (h *history) questionEnds(q store.Question, end store.Ending) {
	d := h.desk
	if before, ended := d.ended[q.ID]; ended {
		h.violated("P3", "%s ends as %s, it had ended as %s", h.names(q.ID), end.State, before.State)
		return
	}
	d.ended[q.ID] = q
	if q.State != end.State {
		h.violated("P3", "%s ends as %s, its row says %s", h.names(q.ID), end.State, q.State)
	}
	if q.State != store.Answered {
		return
	}
	a := h.answerOf(q)
	if len(q.Approvers) > 0 && !contains(q.Approvers, a.By.ID) {
		h.violated("P3", "%s answers %s and may not", a.By.ID, h.names(q.ID))
	}
	if q.Kind == engine.KindUnknown && a.Choice == 0 {
		d.again[fmt.Sprintf("%s.%d", q.Run, q.Step)]++
	}
}

var _ node.Desk = view{}
