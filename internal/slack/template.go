package slack

import (
	"regexp"
	"slices"
	"strings"

	"toban/internal/expr"
	"toban/internal/locale"
	"toban/internal/message"
)

// Text is a mustache template of mrkdwn. The template's own markup works; every
// value that is filled in goes through [Escape], whether it stands in {{x}} or
// {{{x}}} (HTML's escapes would show in Slack). Objects print as JSON. Values in
// a section {{#mrkdwn}}…{{/mrkdwn}} are the flow author's own markup and are left alone.
type Text struct{ template *expr.Template }

// CompileText parses a template.
func CompileText(source string) (*Text, error) {
	t, err := expr.ParseTemplate(source)
	if err != nil {
		return nil, err
	}
	return &Text{t}, nil
}

// Render fills the template for a message's text.
func (t *Text) Render(vars expr.Vars, msg *message.Object) (string, error) {
	return t.render(vars, msg, Escape)
}

// Plain fills the template for what is no text, such as a channel's name: values
// as they are.
func (t *Text) Plain(vars expr.Vars, msg *message.Object) (string, error) {
	return t.render(vars, msg, func(s string) string { return s })
}

// ownMarkup is the section whose values are left alone.
const ownMarkup = "mrkdwn"

func (t *Text) render(vars expr.Vars, msg *message.Object, escape func(string) string) (string, error) {
	return t.template.Render(msg, expr.RenderOptions{
		Vars: vars,
		Wrap: map[string]func(string) (string, error){ownMarkup: func(s string) (string, error) { return s, nil }},
		Value: func(in expr.Interpolation) (string, error) {
			if in.Within(ownMarkup) {
				return printed(in.Value), nil
			}
			return escape(printed(in.Value)), nil
		},
	})
}

// printed is a value as a person reads it: objects as JSON, the rest as
// JavaScript prints it.
func printed(v message.Value) string {
	if readableAsJSON(v) {
		text, _ := message.Stringify(v, 2)
		return text
	}
	return message.ToString(v)
}

func readableAsJSON(v message.Value) bool {
	switch v := v.(type) {
	case *message.Object:
		return v.Class() == ""
	case *message.Array:
		for _, item := range v.All() {
			if readableAsJSON(item) {
				return true
			}
		}
	}
	return false
}

// Message is a template of a whole Slack message as JSON. Where the template
// itself is JSON, values are filled into its texts, so that no quote or line
// break in a value can break it; else the filled template must be JSON. A
// template that is nothing but one value takes that value as the message.
type Message struct {
	shape *message.Object // the template as JSON, nil if it isn't
	texts map[string]*Text
	whole *Text // filled as a text first
	alone bool  // the template is one value
}

var oneTag = regexp.MustCompile(`^\{\{(\{[^{}#^/!>&=]+\}|&?[^{}#^/!>=]+)\}\}$`)

// CompileMessage parses a template. A template that has no tags and is no JSON
// is an error now; others show themselves when they are filled.
func CompileMessage(source string) (*Message, error) {
	source = strings.TrimSpace(source)
	v, jsonErr := message.ParseJSON(source)
	if jsonErr == nil {
		shape, ok := v.(*message.Object)
		if !ok {
			return nil, locale.Errorf("slack.not_an_object")
		}
		m := &Message{shape: shape, texts: map[string]*Text{}}
		return m, m.compile(shape)
	}
	t, err := expr.ParseTemplate(source)
	if err != nil {
		return nil, err
	}
	if len(t.Names()) == 0 {
		return nil, locale.Errorf("slack.bad_json").Because(jsonErr)
	}
	return &Message{whole: &Text{t}, alone: oneTag.MatchString(source)}, nil
}

// compile parses the templates in the texts of v.
func (m *Message) compile(v message.Value) error {
	switch v := v.(type) {
	case string:
		t, err := CompileText(v)
		m.texts[v] = t
		return err
	case *message.Array:
		for _, item := range v.All() {
			if err := m.compile(item); err != nil {
				return err
			}
		}
	case *message.Object:
		for _, item := range v.All() {
			if err := m.compile(item); err != nil {
				return err
			}
		}
	}
	return nil
}

// Shape is the message before values are filled in, nil if that isn't known.
func (m *Message) Shape() *message.Object { return m.shape }

// Render fills the template.
func (m *Message) Render(vars expr.Vars, msg *message.Object) (*message.Object, error) {
	if m.shape != nil {
		v, err := m.fill(vars, msg, m.shape, Escape)
		if err != nil {
			return nil, err
		}
		return v.(*message.Object), nil
	}
	if m.alone {
		return m.value(vars, msg)
	}
	text, err := m.whole.render(vars, msg, func(s string) string { return insideJSON(Escape(s)) })
	if err != nil {
		return nil, err
	}
	return parseMessage(text)
}

// value takes the one value of the template as the message.
func (m *Message) value(vars expr.Vars, msg *message.Object) (*message.Object, error) {
	var object *message.Object
	text, err := m.whole.template.Render(msg, expr.RenderOptions{Vars: vars, Value: func(in expr.Interpolation) (string, error) {
		object, _ = in.Value.(*message.Object)
		return message.ToString(in.Value), nil
	}})
	if err != nil || object != nil {
		return object, err
	}
	return parseMessage(text)
}

func parseMessage(text string) (*message.Object, error) {
	v, err := message.ParseJSON(text)
	if err != nil {
		return nil, locale.Errorf("slack.bad_json").Because(err)
	}
	o, ok := v.(*message.Object)
	if !ok {
		return nil, locale.Errorf("slack.not_an_object")
	}
	return o, nil
}

// unshown are the properties of a message that nobody reads: values in them must
// come back as they went.
var unshown = []string{
	"value", "name", "callback_id", "action_id", "block_id", "url", "image_url", "thumb_url", "title_link",
	"color", "style", "type", "thread_ts", "icon_emoji", "icon_url",
}

func (m *Message) fill(vars expr.Vars, msg *message.Object, v message.Value, escape func(string) string) (message.Value, error) {
	switch v := v.(type) {
	case string:
		return m.texts[v].render(vars, msg, escape)
	case *message.Array:
		items := make([]message.Value, v.Len())
		for i, item := range v.All() {
			filled, err := m.fill(vars, msg, item, escape)
			if err != nil {
				return nil, err
			}
			items[i] = filled
		}
		return message.NewArray(items...), nil
	case *message.Object:
		b := message.NewBuilder(v.Len())
		for key, item := range v.All() {
			how := escape
			if _, isText := item.(string); isText && slices.Contains(unshown, key) {
				how = func(s string) string { return s }
			}
			filled, err := m.fill(vars, msg, item, how)
			if err != nil {
				return nil, err
			}
			b.Set(key, filled)
		}
		return b.Object(), nil
	}
	return v, nil
}

// insideJSON escapes a text for the inside of a JSON string.
func insideJSON(s string) string {
	quoted := message.AppendQuoted(nil, s)
	return string(quoted[1 : len(quoted)-1])
}
