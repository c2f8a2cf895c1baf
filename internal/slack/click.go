package slack

import (
	"context"
	"errors"
	"strings"
	"time"

	"toban/internal/locale"
	"toban/internal/message"
	"toban/internal/node"
)

// click is one press of one of our buttons.
type click struct {
	question    string
	choice      int
	by          node.Person
	channel, ts string // where the message stands
	author      string // of the message
	once        string // tells a repeated delivery of this press from another press
	raw         *message.Object
}

// readClick reads an interaction. ok is false for what is no press of one of our buttons.
func readClick(payload string) (c click, ok bool) {
	v, err := message.ParseJSON(payload)
	raw, isObject := v.(*message.Object)
	if err != nil || !isObject || raw.Text("type") != "block_actions" {
		return click{}, false
	}
	action := firstAction(raw)
	container, _ := raw.Get("container").(*message.Object)
	user, _ := raw.Get("user").(*message.Object)
	posted, _ := raw.Get("message").(*message.Object)
	c = click{
		question: questionOf(action.Text("block_id")), choice: indexOf(action.Text("action_id")),
		by:      node.Person{ID: user.Text("id"), TeamID: user.Text("team_id"), Name: legacyUser(raw).Text("name")},
		channel: container.Text("channel_id"), ts: container.Text("message_ts"),
		author: posted.Text("user"), raw: raw,
	}
	c.once = strings.Join([]string{c.question, action.Text("action_id"), action.Text("action_ts"), c.by.ID}, " ")
	return c, c.question != "" && c.choice >= 0 && c.by.ID != ""
}

// handle does what a click asks for, and tells the person if it doesn't count.
// The click has been acknowledged already.
func (g *Gateway) handle(ctx context.Context, payload string) {
	c, ok := readClick(payload)
	if !ok || g.repeated(c.once) {
		return
	}
	if reason := g.refusal(ctx, c); reason != "" {
		g.log.Warn("a click was refused", "reason", reason, "question", c.question, "user", c.by.ID, "team", c.by.TeamID)
		g.whisper(ctx, c, g.person(ctx, c.by.ID).lang.Text(reason))
		return
	}
	answerer := g.answerer()
	if answerer == nil {
		g.whisper(ctx, c, g.person(ctx, c.by.ID).lang.Text("slack.click_not_ready"))
		return
	}
	card, err := answerer.Answer(ctx, c.question, node.Answer{
		Choice: c.choice, Value: firstAction(c.raw).Text("value"), By: c.by, At: time.Now(), Via: "slack", Payload: legacyPayload(c.raw),
	})
	if err != nil {
		g.late(ctx, c, card, err)
	}
}

// refusal names the text that says why a click can't count, "" if it may.
func (g *Gateway) refusal(ctx context.Context, c click) string {
	self, err := g.whoami(ctx)
	if err != nil {
		g.log.Error("a click could not be checked", "error", err)
		return "slack.click_failed"
	}
	g.mu.Lock()
	where, known := g.refs[c.question]
	g.mu.Unlock()
	switch {
	case c.by.TeamID != self.TeamID && (self.EnterpriseID == "" || c.by.TeamID != self.EnterpriseID):
		return "slack.click_foreign"
	case c.author != "" && c.author != self.UserID, known && where != ref(c.channel, c.ts):
		return "slack.click_copy"
	}
	return g.person(ctx, c.by.ID).rejection
}

// late tells a person that their click changed nothing, and mends a card that
// still shows buttons.
func (g *Gateway) late(ctx context.Context, c click, card node.Card, err error) {
	lang := g.person(ctx, c.by.ID).lang
	switch {
	case errors.Is(err, node.ErrClosed):
		g.whisper(ctx, c, g.closedText(lang, card))
		if card.ID != "" && card.State != "open" {
			if err := g.updateCard(ctx, card, ref(c.channel, c.ts)); err != nil {
				g.log.Error("a card could not be updated", "question", card.ID, "error", err)
			}
		}
	case errors.Is(err, node.ErrNotAllowed):
		g.whisper(ctx, c, lang.Text("slack.click_not_allowed", "who", approvers(card)))
	case errors.Is(err, node.ErrNoQuestion):
		g.whisper(ctx, c, lang.Text("slack.click_no_question"))
	default:
		g.log.Error("an answer could not be recorded", "question", c.question, "error", err)
		g.whisper(ctx, c, lang.Text("slack.click_failed"))
	}
}

func (g *Gateway) closedText(lang locale.Lang, card node.Card) string {
	switch {
	case card.State == "answered" && card.Answer != nil:
		a := *card.Answer
		return lang.Text("slack.click_answered", "answer", Escape(answerLabel(card.Question, a)), "who", who(a.By, a.Via), "time", g.clock(a.At))
	case card.State == "expired":
		return lang.Text("slack.click_expired", "time", g.clock(card.Deadline))
	case card.State == "cancelled":
		return lang.Text("slack.click_cancelled")
	}
	return lang.Text("slack.click_closed")
}

func approvers(card node.Card) string {
	var names []string
	for _, id := range card.Question.Approvers {
		names = append(names, who(node.Person{ID: id}, "slack"))
	}
	return strings.Join(names, ", ")
}

// whisper tells one person something that nobody else sees.
func (g *Gateway) whisper(ctx context.Context, c click, text string) {
	args := textArgs(text, "")
	args.Set("user", c.by.ID)
	if _, err := g.send(ctx, "chat.postEphemeral", c.channel, args, mark{}, true); err != nil {
		g.log.Warn("a person could not be told about their click", "user", c.by.ID, "error", explain(err, c.channel))
	}
}

// seenAge is how long a delivery is remembered; Slack repeats within minutes.
const seenAge = time.Hour

// repeated reports whether the same press was delivered before.
func (g *Gateway) repeated(once string) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := time.Now()
	if len(g.seen) > 10000 {
		for key, at := range g.seen {
			if now.Sub(at) > seenAge {
				delete(g.seen, key)
			}
		}
	}
	_, again := g.seen[once]
	g.seen[once] = now
	return again
}
