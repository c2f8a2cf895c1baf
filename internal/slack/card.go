package slack

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"toban/internal/locale"
	"toban/internal/message"
	"toban/internal/node"
)

// postCard shows an open question and gives where it stands. If it is already
// there, it isn't posted again.
func (g *Gateway) postCard(ctx context.Context, c node.Card) (string, error) {
	channel, err := g.cardChannel(c)
	if err != nil {
		return "", err
	}
	// A history that can't be read (not a member, no scope) is no reason not to ask.
	if where, err := g.seenCard(ctx, channel, c); err == nil && where != "" {
		return where, nil
	}
	l, err := g.card(c)
	if err != nil {
		return "", err
	}
	if len(l.before) > 0 {
		if err := g.postTexts(ctx, channel, "", l.before, mark{kind: markQuestion, key: c.ID + "/text"}, askedAt(c)); err != nil {
			return "", explain(err, channel)
		}
	}
	where, err := g.post(ctx, outgoing{channel, l.args(), mark{markQuestion, c.ID, 0, 1}})
	if err != nil {
		return "", explain(err, channel)
	}
	g.rememberRef(c.ID, where)
	return where, nil
}

// askedAt is when a question was asked: nothing of it stands anywhere before.
func askedAt(c node.Card) time.Time { return c.Deadline.Add(-c.Question.Timeout) }

// seenCard looks for the card of a question in a channel, "" if it isn't there.
func (g *Gateway) seenCard(ctx context.Context, channel string, c node.Card) (string, error) {
	seen, err := g.find(ctx, search{channel: channel, mark: mark{kind: markQuestion, key: c.ID}, since: askedAt(c)})
	if err != nil || seen.of == 0 {
		return "", err
	}
	where := seen.parts[seen.of-1]
	if where != "" {
		g.rememberRef(c.ID, where)
	}
	return where, nil
}

// findCard is seenCard for a question whose card may never have been posted. What
// Slack refuses to show can't be found by trying again, so it is not an error.
func (g *Gateway) findCard(ctx context.Context, c node.Card) (string, error) {
	channel, err := g.cardChannel(c)
	if err != nil {
		return "", nil //nolint:nilerr // without a channel there is no card
	}
	where, err := g.seenCard(ctx, channel, c)
	if refused := code(err); refused != "" && !temporary[refused] {
		return "", nil
	}
	return where, explain(err, channel)
}

// cardChannel is where a card is posted: the question's channel, else the
// connection's opsChannel.
func (g *Gateway) cardChannel(c node.Card) (string, error) {
	if channel := cmp.Or(strings.TrimSpace(c.Question.Channel), g.cfg.OpsChannel); channel != "" {
		return channel, nil
	}
	return "", locale.Errorf("slack.no_channel")
}

// updateCard makes the posted card show the state of c.
func (g *Gateway) updateCard(ctx context.Context, c node.Card, where string) error {
	channel, ts, err := place(where)
	if err != nil {
		return err
	}
	l, err := g.card(c)
	if err != nil {
		return err
	}
	args := l.args()
	args.Set("ts", ts)
	if _, err := g.send(ctx, "chat.update", channel, args, mark{}, true); err != nil {
		return explain(err, channel)
	}
	g.rememberRef(c.ID, where)
	return nil
}

// card lays a question out as it now stands.
func (g *Gateway) card(c node.Card) (*layout, error) {
	ended := c.State != "" && c.State != "open"
	content, err := cardObject(c.Question)
	if err != nil {
		return nil, err
	}
	l, err := arrange(content, c.ID, ended, g.lang())
	if err != nil {
		return nil, err
	}
	if ended {
		l.before = nil // they stand above the card since it was posted
		g.footer(l, g.outcome(c))
	} else if terms := g.terms(c); terms != "" {
		g.footer(l, terms)
	}
	g.markRehearsal(l, c.Rehearsal)
	return l, nil
}

// terms says until when an open question can be answered, and by whom if not by
// everyone. It mentions them, so that they hear of it.
func (g *Gateway) terms(c node.Card) string {
	var lines []string
	if !c.Deadline.IsZero() {
		lines = append(lines, g.lang().Text("slack.card_deadline", "time", g.clock(c.Deadline)))
	}
	if len(c.Question.Approvers) > 0 {
		lines = append(lines, g.lang().Text("slack.card_approvers", "who", approvers(c)))
	}
	return strings.Join(lines, "\n")
}

// cardObject gives a question's card as a Slack message. A text, and a message
// without the choices' buttons, gets buttons.
func cardObject(q node.Question) (*message.Object, error) {
	switch card := q.Card.(type) {
	case *message.Object:
		own, err := Choices(card)
		if err != nil || len(own) > 0 || len(q.Choices) == 0 {
			return card, err
		}
		return card.With("attachments", array(card.Get("attachments")).Append(choiceAttachment("", q.Choices))), nil
	case string:
		title := Escape(q.Title)
		body := escapeOwn(card)
		if body == title {
			body = ""
		}
		return message.NewObject("text", title, "attachments", message.NewArray(choiceAttachment(body, q.Choices))), nil
	}
	return nil, locale.Errorf("slack.card_kind")
}

// choiceAttachment is a legacy attachment with a button for each choice.
func choiceAttachment(text string, choices []node.Choice) message.Value {
	var actions []message.Value
	for _, c := range choices {
		b := message.NewBuilder(6)
		for _, p := range [][2]string{{"name", cmp.Or(c.Name, "answer")}, {"type", "button"}, {"text", c.Label}, {"value", c.Value}, {"style", c.Style}} {
			b.Set(p[0], p[1])
		}
		if c.Confirm != nil {
			b.Set("confirm", c.Confirm)
		}
		actions = append(actions, b.Object())
	}
	return message.NewObject("color", "warning", "text", text, "actions", message.NewArray(actions...))
}

// footer adds a line below the card: in the last attachment made of blocks, else
// below the message's own blocks, else in an attachment of its own.
func (g *Gateway) footer(l *layout, line string) {
	block := contextBlock(line)
	for i, v := range slices.Backward(l.attachments) {
		att := v.(*message.Object)
		if blocks, ok := att.Get("blocks").(*message.Array); ok {
			l.attachments[i] = att.With("blocks", blocks.Append(block))
			return
		}
	}
	if len(l.blocks) > 0 {
		l.blocks = append(l.blocks, block)
		return
	}
	l.attachments = append(l.attachments, message.NewObject("blocks", message.NewArray(block)))
}

// markRehearsal says on a message that nothing is real.
func (g *Gateway) markRehearsal(l *layout, rehearsal bool) {
	if !rehearsal {
		return
	}
	notice := g.lang().Text("slack.rehearsal")
	l.text = strings.TrimSpace(notice + " " + l.text)
	if len(l.blocks) > 0 { // then Slack doesn't show the text
		l.blocks = append([]message.Value{contextBlock(notice)}, l.blocks...)
	}
}

// outcome says how a question ended: who, what, when.
func (g *Gateway) outcome(c node.Card) string {
	lang := g.lang()
	switch {
	case c.State == "answered" && c.Answer != nil:
		a := *c.Answer
		return lang.Text("slack.card_answered", "answer", Escape(answerLabel(c.Question, a)), "who", who(a.By, a.Via)+elsewhere(lang, a.Via), "time", g.clock(a.At))
	case c.State == "expired":
		return lang.Text("slack.card_expired", "time", g.clock(c.Deadline))
	}
	return lang.Text("slack.card_cancelled")
}

func answerLabel(q node.Question, a node.Answer) string {
	if a.Choice >= 0 && a.Choice < len(q.Choices) {
		return q.Choices[a.Choice].Label
	}
	return a.Value
}

// who names a person: Slack shows the name that belongs to an id, so that nobody
// passes under another's.
func who(p node.Person, via string) string {
	if via == "slack" && userIDs.MatchString(p.ID) {
		return "<@" + p.ID + ">"
	}
	return Escape(cmp.Or(p.Name, p.ID))
}

// elsewhere says where an answer was given, "" for Slack itself.
func elsewhere(lang locale.Lang, via string) string {
	switch via {
	case "console":
		return lang.Text("slack.via_console")
	case "api":
		return lang.Text("slack.via_api")
	}
	return ""
}

// clock shows an instant in the connection's time zone.
func (g *Gateway) clock(t time.Time) string {
	return t.In(g.zone()).Format("2006-01-02 15:04 MST")
}

// rememberRef keeps where a question's card stands, to know a click on a copy.
func (g *Gateway) rememberRef(question, where string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.refs) > 10000 {
		clear(g.refs)
	}
	g.refs[question] = where
}
