package slack

import (
	"cmp"

	"toban/internal/message"
)

func plain(text string) message.Value {
	return message.NewObject("type", "plain_text", "text", text, "emoji", true)
}

func mrkdwn(text string) message.Value {
	return message.NewObject("type", "mrkdwn", "text", text, "verbatim", true)
}

func section(text string) message.Value {
	return message.NewObject("type", "section", "text", mrkdwn(text))
}

func contextBlock(text string) message.Value {
	return message.NewObject("type", "context", "elements", message.NewArray(mrkdwn(text)))
}

// confirm makes Block Kit's confirmation dialog of a legacy one, whose parts are
// optional.
func (a *arranger) confirm(legacy *message.Object) message.Value {
	part := func(key, text string) message.Value { return plain(cmp.Or(legacy.Text(key), a.lang.Text(text))) }
	return message.NewObject(
		"title", part("title", "slack.confirm_title"), "text", part("text", "slack.confirm_text"),
		"confirm", part("ok_text", "slack.confirm_ok"), "deny", part("dismiss_text", "slack.confirm_cancel"))
}

func bold(text string) string {
	if text == "" {
		return ""
	}
	return "*" + text + "*"
}

func joined(first, second string) string {
	if first == "" || second == "" {
		return first + second
	}
	return first + "\n" + second
}

func orText(text, otherwise string) string { return cmp.Or(text, otherwise) }

func orEmpty(v message.Value) message.Value {
	if message.IsNullish(v) {
		return ""
	}
	return v
}

func array(v message.Value) *message.Array {
	if a, ok := v.(*message.Array); ok {
		return a
	}
	return message.NewArray()
}
