package slack

import (
	"context"
	"net/url"
	"strings"

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
		return explain(g.postTexts(ctx, p.Channel, "", parts, m), p.Channel)
	}
	last := len(parts) - 1
	if err := g.postTexts(ctx, p.Channel, "", parts[:last], mark{markStep, string(key) + "/text", 0, 0}); err != nil {
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
func (h *Hub) Said(ctx context.Context, p Post, key node.Key) (node.Observation, error) {
	g, err := h.gateway(p.Connection)
	if err != nil {
		return node.Observation{}, err
	}
	parts, of, whole, err := g.find(ctx, p.Channel, markStep, string(key))
	switch {
	case err != nil:
		return node.Observation{Note: g.lang().Err(explain(err, p.Channel))}, nil
	case of > 0 && len(parts) == of:
		return node.Observation{Happened: node.Happened}, nil
	case len(parts) == 0 && whole:
		return node.Observation{Happened: node.DidNot}, nil
	}
	return node.Observation{Note: g.lang().Text("slack.partly_posted", "parts", len(parts), "of", of)}, nil
}

// CheckMessage finds what Slack would refuse about a message's arguments.
func CheckMessage(m *message.Object) error {
	text := strings.TrimSpace(message.ToString(orEmpty(m.Get("text"))))
	if text == "" && array(m.Get("attachments")).Len() == 0 && array(m.Get("blocks")).Len() == 0 {
		return locale.Errorf("slack.no_text")
	}
	return nil
}
