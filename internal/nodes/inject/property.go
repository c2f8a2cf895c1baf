package inject

import (
	"context"

	"toban/internal/expr"
	"toban/internal/locale"
	"toban/internal/message"
	"toban/internal/node"
)

// property is one property to set: where, and a typed value.
type property struct {
	name  string
	value message.Value
	typ   string
	expr  *expr.JSONata // of a jsonata value that parses
	err   error         // of one that doesn't
}

// configured gives the properties of the configuration. Files of before
// Node-RED 1.1 have payload and topic only, and later ones may still leave their
// values there.
func (in *Inject) configured() []property {
	list, ok := in.Props.(*message.Array)
	if !ok {
		return []property{
			newProperty("payload", in.Payload, in.PayloadType),
			newProperty("topic", in.Topic, "str"),
		}
	}
	var props []property
	for _, item := range list.All() {
		p, ok := item.(*message.Object)
		if !ok {
			continue
		}
		v, has := p.Lookup("v")
		typ := p.Get("vt")
		switch {
		case !has && p.Text("p") == "payload":
			v, typ = in.Payload, in.PayloadType
		case !has && p.Text("p") == "topic" && typ == "str":
			v = in.Topic
		}
		props = append(props, newProperty(p.Text("p"), v, typ))
	}
	return props
}

// readProps reads a list of {p, v, vt}.
func readProps(list *message.Array) []property {
	var props []property
	for _, item := range list.All() {
		if p, ok := item.(*message.Object); ok {
			props = append(props, newProperty(p.Text("p"), p.Get("v"), p.Get("vt")))
		}
	}
	return props
}

func newProperty(name string, v, typ message.Value) property {
	p := property{name: name, value: v, typ: "str"}
	if v == nil {
		p.value = ""
	}
	if t, ok := typ.(string); ok {
		p.typ = t
	}
	if p.typ == "jsonata" && p.value != "" {
		p.expr, p.err = expr.CompileJSONata(message.ToString(p.value))
	}
	return p
}

// check reports an expression that doesn't parse.
func (p property) check() error {
	if p.err == nil {
		return nil
	}
	return locale.Errorf("inject.errors.invalid-expr").Because(p.err)
}

// set gives msg with the property set. One without a name, and an empty
// expression, changes nothing.
func (in *Inject) set(msg *message.Object, p property) (*message.Object, error) {
	if p.name == "" || p.typ == "jsonata" && p.expr == nil && p.err == nil {
		return msg, nil
	}
	v, err := in.evaluate(msg, p)
	if err != nil {
		return nil, err
	}
	path, err := message.ParseMsgPath(p.name)
	if err != nil {
		return nil, err
	}
	if path, err = path.Resolve(msg); err != nil {
		return nil, err
	}
	root, ok, err := path.Set(msg, v)
	if err != nil || !ok {
		return msg, err
	}
	return root.(*message.Object), nil
}

func (in *Inject) evaluate(msg *message.Object, p property) (message.Value, error) {
	if p.typ != "jsonata" {
		return typed(p.typ, p.value, in.env, msg)
	}
	if err := p.check(); err != nil {
		return nil, err
	}
	v, err := p.expr.Eval(context.Background(), node.Vars(in.env), msg)
	if err != nil {
		return nil, locale.Errorf("inject.errors.invalid-expr").Because(err)
	}
	return v, nil
}
