package slack

import (
	"cmp"
	"strconv"

	"toban/internal/locale"
	"toban/internal/message"
	"toban/internal/node"
)

// secrets of an interaction that have no place in a run's history.
var secretKeys = []string{"token"}

// legacyPayload gives a block_actions interaction the shape of the
// interactive_message of 2018, as far as it can be known without the card. The
// interaction itself is kept under "raw".
func legacyPayload(raw *message.Object) *message.Object {
	for _, key := range secretKeys {
		raw = raw.Without(key)
	}
	container, _ := raw.Get("container").(*message.Object)
	action := firstAction(raw)
	label, _ := action.Get("text").(*message.Object)
	b := message.NewBuilder(14)
	b.Set("type", "interactive_message")
	b.Set("callback_id", "")
	b.Set("actions", message.NewArray(message.NewObject(
		"name", "", "type", "button", "value", action.Text("value"), "text", label.Text("text"))))
	for _, key := range []string{"team", "channel"} {
		b.Set(key, orObject(raw.Get(key)))
	}
	b.Set("user", legacyUser(raw))
	b.Set("action_ts", action.Text("action_ts"))
	b.Set("message_ts", container.Text("message_ts"))
	b.Set("attachment_id", message.ToString(orEmpty(container.Get("attachment_id"))))
	b.Set("is_app_unfurl", container.Get("is_app_unfurl") == true)
	b.Set("original_message", orObject(raw.Get("message")))
	for _, key := range []string{"response_url", "trigger_id"} {
		b.Set(key, raw.Text(key))
	}
	b.Set("raw", raw)
	return b.Object()
}

// legacyUser is the user with the name that flows print.
func legacyUser(raw *message.Object) *message.Object {
	u, _ := raw.Get("user").(*message.Object)
	name := cmp.Or(u.Text("name"), u.Text("username"), u.Text("id"))
	return message.NewObject("id", u.Text("id"), "name", name, "team_id", u.Text("team_id"))
}

func firstAction(raw *message.Object) *message.Object {
	action, _ := array(raw.Get("actions")).At(0).(*message.Object)
	return action
}

// Legacy gives the answer to a question that was asked with card as a flow of
// 2018 reads it: msg.answer is the button {name, type, value, text}, msg.payload
// the interaction. What was decided comes from the card, never from what the
// interaction claims. A decision that was made elsewhere (console, API) has the
// same shape.
func Legacy(card *message.Object, a node.Answer) (answer, payload *message.Object, err error) {
	l, err := arrange(card, "", false, locale.EN)
	if err != nil {
		return nil, nil, err
	}
	if a.Choice < 0 || a.Choice >= len(l.choices) {
		return nil, nil, locale.Errorf("slack.no_such_choice", "choice", a.Choice)
	}
	choice, from := l.choices[a.Choice], l.origins[a.Choice]
	answer = message.NewObject("name", choice.Name, "type", "button", "value", choice.Value, "text", choice.Label)
	payload, ok := a.Payload.(*message.Object)
	if !ok {
		payload = decidedElsewhere(a)
	}
	original, _ := payload.Get("original_message").(*message.Object)
	payload = payload.With("callback_id", from.callback).
		With("actions", message.NewArray(answer)).
		With("attachment_id", strconv.Itoa(from.attachment)).
		With("original_message", originalMessage(original, card))
	return answer, payload, nil
}

func decidedElsewhere(a node.Answer) *message.Object {
	stamp := strconv.FormatFloat(float64(a.At.UnixMicro())/1e6, 'f', 6, 64)
	return message.NewObject(
		"type", "interactive_message", "callback_id", "", "actions", message.NewArray(),
		"team", message.NewObject("id", a.By.TeamID), "channel", message.NewObject(),
		"user", message.NewObject("id", a.By.ID, "name", cmp.Or(a.By.Name, a.By.ID), "team_id", a.By.TeamID),
		"action_ts", stamp, "message_ts", "", "attachment_id", "", "is_app_unfurl", false,
		"original_message", message.NewObject(), "via", a.Via)
}

// originalMessage is the message as it stands in Slack, with the text and the
// attachments that the flow gave it instead of our translation of them.
func originalMessage(posted, card *message.Object) *message.Object {
	if posted == nil {
		posted = message.NewObject()
	}
	posted = posted.With("text", Unescape(message.ToString(orEmpty(card.Get("text")))))
	var attachments []message.Value
	for i, v := range array(card.Get("attachments")).All() {
		if att, ok := unescaped(v).(*message.Object); ok {
			attachments = append(attachments, att.With("id", float64(i+1)))
		}
	}
	if attachments == nil {
		return posted
	}
	return posted.With("attachments", message.NewArray(attachments...))
}

// unescaped gives v with every string in it as it reads.
func unescaped(v message.Value) message.Value {
	switch v := v.(type) {
	case string:
		return Unescape(v)
	case *message.Array:
		items := make([]message.Value, v.Len())
		for i, item := range v.All() {
			items[i] = unescaped(item)
		}
		return message.NewArray(items...)
	case *message.Object:
		b := message.NewBuilder(v.Len())
		for key, item := range v.All() {
			b.Set(key, unescaped(item))
		}
		return b.Object()
	}
	return v
}

func orObject(v message.Value) message.Value {
	if o, ok := v.(*message.Object); ok {
		return o
	}
	return message.NewObject()
}
