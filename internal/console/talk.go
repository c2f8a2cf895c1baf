package console

import (
	"cmp"
	"html/template"
	"slices"
	"strings"
	"time"

	"toban/internal/engine"
	"toban/internal/machine"
	"toban/internal/message"
	"toban/internal/store"
)

// said is one thing that a run said or asked in Slack.
type said struct {
	At        moment
	Channel   string
	Node      string
	StepAt    string
	Step      int
	Title     string // of a question
	Body      template.HTML
	Cut       bool
	State     badge
	Outcome   string     // of a question that has ended
	Waits     *countdown // of one that is open
	Permalink string

	when time.Time
}

// The bounds of the conversation.
const (
	mostSaid = 50
	longSaid = 4000 // bytes
)

// talk is the run's conversation in Slack, in order; more counts what is left out.
func (t *timeline) talk() (list []said, more int) {
	for i, s := range t.order {
		if _, typ := t.names(s.Node); typ != "slack-say" || s.Preview.Detail == "" {
			continue
		}
		list = append(list, t.post(i))
	}
	for _, q := range t.rows {
		list = append(list, t.ask(q))
	}
	slices.SortStableFunc(list, func(a, b said) int { return cmp.Compare(a.when.UnixMicro(), b.when.UnixMicro()) })
	if len(list) > mostSaid {
		more = len(list) - mostSaid
		list = list[more:] // the latest say where things stand
	}
	return list, more
}

// post is a message that a node posted.
func (t *timeline) post(place int) said {
	s := t.order[place]
	v := said{At: t.at(s.StartedAt), when: s.StartedAt, Channel: shorten(s.Preview.Target, 100), Node: t.name(s.Node), StepAt: t.stepAt(place), Step: s.Seq + 1, State: t.postBadge(s.State)}
	v.Body, v.Cut = renderCard(posted(s.Preview.Detail), "", longSaid)
	return v
}

// postBadge is a step's status in the words of a conversation.
func (l *look) postBadge(s machine.StepState) badge {
	if s == machine.Done {
		return l.badge(good, "console.posted")
	}
	return l.stepBadge(s)
}

// posted is the message of a preview: a Slack message as JSON, or its text with marks.
func posted(detail string) message.Value {
	if strings.HasPrefix(detail, "{") {
		if v, err := message.ParseJSON(detail); err == nil {
			return v
		}
	}
	return message.NewObject("text", detail)
}

// ask is a question of the run.
func (t *timeline) ask(q store.Question) said {
	v := said{At: t.at(q.CreatedAt), when: q.CreatedAt, Channel: shorten(channelName(q.Channel), 100), Node: t.name(q.Node), Title: shorten(q.Title, 300), State: t.questionBadge(q.State), Step: q.Step + 1}
	if place, ok := t.place[q.Step]; ok {
		v.StepAt = t.stepAt(place)
	}
	if q.Ref != "" {
		v.Permalink = t.cfg.Permalink(q.Connection, q.Ref)
	}
	card, err := t.cfg.Engine.Card(q)
	if err != nil {
		return v // its title tells enough
	}
	if q.State == store.Open {
		v.Waits = t.left(q.Deadline)
		return v // its card stands above, with its buttons
	}
	v.Outcome = t.outcome(card)
	if q.Kind != engine.KindUnknown || q.Ref != "" {
		v.Body, v.Cut = renderCard(card.Question.Card, q.Title, longSaid)
	}
	return v
}

func channelName(s string) string {
	if s == "" || strings.HasPrefix(s, "#") || strings.ToUpper(s) == s { // an id
		return s
	}
	return "#" + s
}
