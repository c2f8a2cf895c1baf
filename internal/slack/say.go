package slack

import (
	"context"
	"net/url"
	"strings"
	"time"

	"toban/internal/locale"
	"toban/internal/message"
	"toban/internal/node"
)

// Post is a message that a flow posts.
type Post struct {
	Connection string // Slack connection node id, "" for the default one
	Channel    string // id, name or #name
	// Text is mrkdwn whose values from outside went through Escape. Message, if
	// set, is posted instead: arguments of chat.postMessage.
	Text      string
	Message   *message.Object
	Rehearsal bool // the message says that nothing is real
}

// passed are the arguments of chat.postMessage that a flow may set.
var passed = []string{"attachments", "blocks", "thread_ts", "reply_broadcast", "username", "icon_emoji", "icon_url", "mrkdwn"}

// Say posts a message once for the key, which names the attempt at a step. It
// returns after Slack has taken it. A text that Slack would cut is posted in
// several messages.
func (h *Hub) Say(ctx context.Context, p Post, key node.Key) error {
	g, err := h.gateway(p.Connection)
	if err != nil {
		return err
	}
	m := mark{kind: markStep, key: string(key)}
	parts := splitText(g.saidText(p), maxText)
	if p.Message == nil {
		return explain(g.postTexts(ctx, p.Channel, "", parts, m, time.Now()), p.Channel)
	}
	last := len(parts) - 1
	if err := g.postTexts(ctx, p.Channel, "", parts[:last], mark{markStep, string(key) + "/text", 0, 0}, time.Now()); err != nil {
		return explain(err, p.Channel)
	}
	m.of = 1
	_, err = g.post(ctx, outgoing{p.Channel, messageArgs(p.Message, parts[last]), m})
	return explain(err, p.Channel)
}

func (g *Gateway) saidText(p Post) string {
	text := p.Text
	if p.Message != nil {
		text = message.ToString(orEmpty(p.Message.Get("text")))
	}
	if p.Rehearsal {
		text = g.lang().Text("slack.rehearsal") + "\n" + text
	}
	return text
}

func messageArgs(m *message.Object, text string) url.Values {
	v := quiet()
	if text != "" {
		v.Set("text", text)
	}
	for _, key := range passed {
		value, present := m.Lookup(key)
		if !present || message.IsNullish(value) {
			continue
		}
		if s, ok := value.(string); ok {
			v.Set(key, s)
		} else if json, ok := message.Stringify(value, 0); ok {
			v.Set(key, json)
		}
	}
	return v
}

// Said looks whether the message of an attempt stands in its channel.
func (h *Hub) Said(ctx context.Context, p Post, a node.Attempt) (node.Observation, error) {
	g, err := h.gateway(p.Connection)
	if err != nil {
		return node.Observation{}, err
	}
	seen, err := g.find(ctx, search{p.Channel, p.thread(), mark{kind: markStep, key: string(a.Key)}, a.Since})
	switch {
	case err != nil:
		return node.Observation{Note: g.lang().Err(explain(err, p.Channel))}, nil
	case seen.all():
		return node.Observation{Happened: node.Happened, Note: g.lang().Text("slack.found_posted")}, nil
	case len(seen.parts) > 0:
		return node.Observation{Note: g.lang().Text("slack.partly_posted", "parts", len(seen.parts), "of", seen.of)}, nil
	case !seen.whole:
		return node.Observation{Note: g.lang().Text("slack.too_much_history", "messages", searchPages*searchLimit)}, nil
	}
	return node.Observation{Happened: node.DidNot}, nil
}

// thread is the message that a post is a reply to, "" for none.
func (p Post) thread() string {
	if p.Message == nil {
		return ""
	}
	return message.ToString(orEmpty(p.Message.Get("thread_ts")))
}

// CheckMessage finds what Slack would refuse about a message's arguments.
func CheckMessage(m *message.Object) error {
	text := strings.TrimSpace(message.ToString(orEmpty(m.Get("text"))))
	if text == "" && array(m.Get("attachments")).Len() == 0 && array(m.Get("blocks")).Len() == 0 {
		return locale.Errorf("slack.no_text")
	}
	return nil
}
