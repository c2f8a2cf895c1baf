package file

import (
	"toban/internal/expr"
	"toban/internal/locale"
	"toban/internal/message"
	"toban/internal/node"
)

// target is the property that says which file: a typed value, or as before
// Node-RED 3 a text, which is empty where msg.filename says it.
type target struct {
	env    node.Env
	value  *expr.Value
	warned bool // about a path of Windows
}

// newTarget compiles the property. A path of Windows that is known now is
// reported now, at deploy; one that a message brings, when it comes.
func newTarget(env node.Env, source, typ string) (*target, error) {
	if typ == "" {
		typ = "str"
		if source == "" {
			typ, source = "msg", "filename"
		}
	}
	value, err := expr.Compile(typ, source)
	if err != nil {
		return nil, err
	}
	t := &target{env: env, value: value}
	if typ == "str" || typ == "env" {
		if name, err := t.name(message.NewObject()); err == nil {
			t.warn(name)
		}
	}
	return t, nil
}

// name gives the file for a message as the flow names it, "" if it names none.
func (t *target) name(msg *message.Object) (string, error) {
	v, err := t.value.Eval(node.VarsOf(t.env), msg)
	if err != nil || message.IsNullish(v) {
		return "", err
	}
	return message.ToString(v), nil
}

// path gives the full path of a file that the flow names.
func (t *target) path(name string) string {
	t.warn(name)
	return place(t.env, name)
}

func (t *target) warn(name string) {
	if t.warned || !foreign(name) {
		return
	}
	t.warned = true
	t.env.Log(node.Warn, locale.Errorf("file.drive", "node", t.env.Label(), "name", name, "path", place(t.env, name)))
}
