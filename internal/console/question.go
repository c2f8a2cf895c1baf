package console

import (
	"html/template"
	"slices"

	"toban/internal/auth"
	"toban/internal/engine"
	"toban/internal/locale"
	"toban/internal/message"
	"toban/internal/node"
	"toban/internal/store"
)

// The bounds of a card's texts, in bytes. In a list a longer one is read on the
// run's page; one that is too long even there is answered in Slack only, because
// nobody may approve what they weren't shown.
const (
	cardInList = 20_000
	cardAlone  = 300_000
	allCards   = 600_000 // of one page
)

// questionView is a question as a page shows it.
type questionView struct {
	ID, Title, Run, Channel string
	RunTitle                string // in the list
	Unknown, Rehearsal      bool
	State                   badge
	Body                    template.HTML
	Cut                     bool
	Open                    bool
	Asked, Ended            moment
	Deadline                moment
	Left                    *countdown
	Choices                 []choiceView // what the reader may choose
	Text                    bool         // the reader may answer with a text
	Approvers               []someone    // who may answer, when the reader may not
	Outcome, Permalink      string
	Back                    string // where the answer leads: run, or the list
}

// choiceView is one button. A choice that wants a confirmation shows it first.
type choiceView struct {
	Index          int
	Label, Class   string
	Confirm        bool
	Asks, Why, Yes string
}

// question makes the view of a question's row.
func (l *look) question(row store.Question, back string) (questionView, error) {
	card, err := l.cfg.Engine.Card(row)
	if err != nil {
		return questionView{}, err
	}
	v := questionView{
		ID: row.ID, Title: shorten(row.Title, 300), Run: row.Run, Channel: channelName(row.Channel), Unknown: row.Kind == engine.KindUnknown, Rehearsal: card.Rehearsal,
		State: l.questionBadge(row.State), Open: row.State == store.Open, Asked: l.at(row.CreatedAt),
		Deadline: l.at(row.Deadline), Left: l.left(row.Deadline), Back: back,
	}
	if row.Ref != "" {
		v.Permalink = l.cfg.Permalink(row.Connection, row.Ref)
	}
	if v.Open {
		most := cardInList
		if back == backToRun {
			most = cardAlone
		}
		v.Body, v.Cut = renderCard(card.Question.Card, row.Title, min(most, allCards-l.cards))
		l.cards += len(v.Body)
		l.invite(&v, card)
		return v, nil
	}
	v.Ended = l.at(row.EndedAt)
	v.Outcome = l.outcome(card)
	return v, nil
}

// invite offers the choices to a reader who may answer.
func (l *look) invite(v *questionView, card node.Card) {
	approvers := card.Question.Approvers
	if len(approvers) > 0 && !slices.Contains(approvers, l.person().ID) {
		v.Approvers = l.approvers(card)
		return
	}
	if !l.operates() || v.Cut {
		return
	}
	v.Text = len(card.Question.Choices) == 0
	for i, c := range card.Question.Choices {
		v.Choices = append(v.Choices, l.choice(i, c))
	}
}

// approvers names who may answer.
func (l *look) approvers(card node.Card) (list []someone) {
	for _, id := range card.Question.Approvers {
		list = append(list, l.named(card.Question.Connection, id))
	}
	return list
}

func (l *look) choice(i int, c node.Choice) choiceView {
	v := choiceView{Index: i, Label: shorten(c.Label, 200)}
	if c.Style == "primary" || c.Style == "danger" {
		v.Class = c.Style
	}
	confirm, ok := c.Confirm.(*message.Object)
	if !ok {
		return v
	}
	v.Confirm = true
	v.Asks, v.Why, v.Yes = shorten(textOf(confirm.Get("title")), 300), shorten(textOf(confirm.Get("text")), 1000), shorten(textOf(confirm.Get("confirm")), 200)
	if v.Yes == "" {
		v.Yes = v.Label
	}
	return v
}

// person is the reader as an answer names them.
func (l *look) person() node.Person {
	name := auth.PersonFrom(l.r.Context()).Name
	return node.Person{ID: name, Name: name}
}

// outcome says how a question ended: what, by whom, over what.
func (l *look) outcome(card node.Card) string {
	if card.State == store.Answered && card.Answer != nil {
		a := *card.Answer
		return l.text("console.answered", "answer", shorten(label(card.Question, a), 300), "who", l.who(card.Question.Connection, a), "via", via{a.Via}, "time", l.at(a.At).Clock)
	}
	if card.State == store.Expired {
		return l.text("console.expired", "time", l.at(card.Deadline).Clock)
	}
	return l.text("console.cancelled")
}

func label(q node.Question, a node.Answer) string {
	if a.Choice >= 0 && a.Choice < len(q.Choices) {
		return q.Choices[a.Choice].Label
	}
	return a.Value
}

// via is the way that an answer came, by its name in each language.
type via struct{ name string }

// In gives the name of the way.
func (v via) In(lang locale.Lang) string {
	switch v.name {
	case "slack", "console", "api":
		return lang.Text("console.via." + v.name)
	}
	return v.name
}
