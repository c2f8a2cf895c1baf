package template

import (
	_ "embed"

	"toban/internal/expr"
	"toban/internal/locale"
	"toban/internal/message"
	"toban/internal/node"
)

//go:embed texts.json
var texts []byte

var _ = locale.Register(texts)

// Template is a template node.
type Template struct {
	Field     string `flow:"field" default:"payload"`
	FieldType string `flow:"fieldType" default:"msg"`
	Template  string `flow:"template"` // "": msg.template, if the message has it
	Syntax    string `flow:"syntax"`   // "mustache", also when empty; anything else is plain text
	Output    string `flow:"output"`   // "str", also when empty; json, yaml

	vars     expr.Vars
	target   *expr.Target
	template *expr.Template
	last     *expr.Template // the one of the last msg.template
}

// Register adds the type to a registry.
func Register(r *node.Registry) {
	r.Add(node.Type{Name: "template", New: func() node.Node { return &Template{} }})
}

// Provision parses the template.
func (t *Template) Provision(env node.Env) (err error) {
	t.vars = node.VarsOf(env)
	if t.Field == "" {
		t.Field = "payload"
	}
	switch t.Output {
	case "", "str", "json", "yaml":
	default:
		return locale.Errorf("template.bad_output", "format", t.Output)
	}
	if t.target, err = expr.CompileTarget(t.FieldType, t.Field); err != nil {
		return err
	}
	if t.mustache() {
		t.template, err = expr.ParseTemplate(t.Template)
	}
	return err
}

func (t *Template) mustache() bool { return t.Syntax == "" || t.Syntax == "mustache" }

// Receive fills the template and sends the message on.
func (t *Template) Receive(step node.Step, msg *message.Object) error {
	text, err := t.render(msg)
	if err != nil {
		return err
	}
	v, err := t.convert(text)
	if err != nil {
		return err
	}
	msg, _, err = t.target.Set(t.vars, msg, v)
	if err != nil {
		return err
	}
	step.Send(node.First(msg))
	return nil
}

func (t *Template) render(msg *message.Object) (string, error) {
	source, template := t.Template, t.template
	if given, present := msg.Lookup("template"); present && source == "" {
		text, ok := given.(string)
		if !ok {
			return "", locale.Errorf("template.not_text", "type", message.TypeOf(given))
		}
		var err error
		if source = text; t.mustache() {
			if template, err = t.parse(text); err != nil {
				return "", err
			}
		}
	}
	if !t.mustache() {
		return source, nil
	}
	return template.Render(msg, expr.RenderOptions{Vars: t.vars, EscapeJSON: t.Output == "json"})
}

// parse parses a template that came with a message; the same one often comes again.
func (t *Template) parse(source string) (*expr.Template, error) {
	if t.last != nil && t.last.String() == source {
		return t.last, nil
	}
	parsed, err := expr.ParseTemplate(source)
	if err == nil {
		t.last = parsed
	}
	return parsed, err
}

func (t *Template) convert(text string) (message.Value, error) {
	switch t.Output {
	case "json":
		v, err := message.ParseJSON(text)
		if err != nil {
			return nil, locale.Errorf("template.bad_json").Because(err)
		}
		return v, nil
	case "yaml":
		return message.ParseYAML(text)
	}
	return text, nil
}

var (
	_ node.Provisioner = (*Template)(nil)
	_ node.Receiver    = (*Template)(nil)
)
