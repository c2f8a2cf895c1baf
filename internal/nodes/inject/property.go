package inject

import (
	"toban/internal/expr"
	"toban/internal/locale"
	"toban/internal/message"
	"toban/internal/node"
)

// property is one property to set: where, and a typed value.
type property struct {
	name  string
	typ   string
	value *expr.Value // nil: sets nothing
	err   error       // of a value that can't be
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
	p := property{name: name, typ: "str"}
	if t, ok := typ.(string); ok {
		p.typ = t
	}
	if v == nil {
		v = ""
	}
	if p.name == "" || p.typ == "jsonata" && v == "" {
		return p
	}
	p.value, p.err = expr.Compile(p.typ, v)
	return p
}

// explain names the property's expression as the cause.
func (p property) explain(err error) error {
	if err == nil || p.typ != "jsonata" {
		return err
	}
	return locale.Errorf("inject.errors.invalid-expr").Because(err)
}

// set gives msg with the property set. One without a name, and an empty
// expression, changes nothing.
func (in *Inject) set(msg *message.Object, p property) (*message.Object, error) {
	if p.err != nil {
		return nil, p.explain(p.err)
	}
	if p.value == nil {
		return msg, nil
	}
	v, err := p.value.Eval(node.VarsOf(in.env), msg)
	if err != nil {
		return nil, p.explain(err)
	}
	target, err := expr.CompileTarget("msg", p.name)
	if err != nil {
		return nil, err
	}
	changed, _, err := target.Set(nil, msg, v)
	return changed, err
}
