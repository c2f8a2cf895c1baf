package switchnode

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

// Switch is a switch node.
type Switch struct {
	Property     message.Value `flow:"property"`
	PropertyType string        `flow:"propertyType" default:"msg"`
	Rules        message.Value `flow:"rules"`
	CheckAll     message.Value `flow:"checkall"` // only the text "false" stops at the first match
	Repair       bool          `flow:"repair"`   // number the messages of a sequence anew for each output

	env      node.Env
	vars     expr.Vars
	property *expr.Value
	rules    []*rule
	stop     bool // at the first match
	whole    bool // sequences are held until they are complete
	previous previous
	groups   groups
}

// Register adds the type to a registry.
func Register(r *node.Registry) {
	r.Add(node.Type{Name: "switch", New: func() node.Node { return &Switch{} }})
}

// Provision compiles the property and the rules.
func (s *Switch) Provision(env node.Env) error {
	s.env, s.vars = env, node.VarsOf(env)
	s.stop = s.CheckAll == "false"
	s.whole = s.Repair
	var err error
	if s.property, err = compile(s.PropertyType, s.Property); err != nil {
		return err
	}
	for i, config := range readRules(s.Rules) {
		r, err := config.compile(i + 1)
		if err != nil {
			return err
		}
		s.rules = append(s.rules, r)
		s.whole = s.whole || r.typ == "tail"
		s.previous.used = s.previous.used || r.usesPrevious()
	}
	s.previous.load(env.State())
	s.groups.load(env)
	return nil
}

// compile compiles a typed value. A property expression that doesn't parse is not
// an error in Node-RED: what it names is undefined.
func compile(typ string, v message.Value) (*expr.Value, error) {
	x, err := expr.Compile(typ, v)
	switch {
	case err == nil:
		return x, nil
	case typ == "jsonata":
		return nil, locale.Errorf("switch.errors.invalid-expr").Because(err)
	}
	return expr.Compile("", nil)
}

// Receive applies the rules, or holds the message until its sequence is complete.
func (s *Switch) Receive(step node.Step, msg *message.Object) error {
	if s.whole {
		if id, ok := sequence(msg); ok {
			return s.hold(step, msg, id)
		}
	}
	out, err := s.route(msg)
	if err != nil {
		return err
	}
	step.Send(out)
	return nil
}

// route gives the outputs for a message. A property whose JSONata fails drops the
// message with a warning, as in Node-RED.
func (s *Switch) route(msg *message.Object) (node.Outputs, error) {
	property, err := s.property.Eval(s.vars, msg)
	if err != nil {
		if s.PropertyType == "jsonata" {
			s.env.Log(node.Warn, locale.Errorf("switch.errors.invalid-expr").Because(err))
			return nil, nil
		}
		property = nil
	}
	out, err := s.apply(msg, property)
	if err == nil {
		s.previous.set(property)
	}
	return out, err
}

// apply tests the rules in order.
func (s *Switch) apply(msg *message.Object, property message.Value) (node.Outputs, error) {
	out := make(node.Outputs, 0, len(s.rules))
	matched := false
	for _, r := range s.rules {
		ok, err := s.test(r, msg, property, &matched)
		if err != nil {
			return nil, err
		}
		if !ok {
			out = append(out, nil)
			continue
		}
		out = append(out, []*message.Object{msg})
		if s.stop {
			break
		}
	}
	return out, nil
}

// test tests one rule. The otherwise rule is met if no rule was since the last one.
func (s *Switch) test(r *rule, msg *message.Object, property message.Value, matched *bool) (bool, error) {
	ok := !*matched
	if r.typ == "else" {
		*matched = ok
		return ok, nil
	}
	ok, err := s.meets(r, msg, property)
	*matched = *matched || ok
	return ok, err
}

func (s *Switch) meets(r *rule, msg *message.Object, property message.Value) (bool, error) {
	in := input{property: property, rule: r}
	if r.needsParts() {
		parts, ok := msg.Get("parts").(*message.Object)
		if !ok {
			return false, locale.Errorf("switch.no_parts", "number", r.number, "type", r.typ)
		}
		in.parts = parts
	}
	var err error
	if in.v1, err = s.operand(r, r.v1, msg); err != nil {
		return false, err
	}
	if in.v2, err = s.operand(r, r.v2, msg); err != nil {
		return false, err
	}
	return r.operator(in)
}

var (
	_ node.Provisioner = (*Switch)(nil)
	_ node.Receiver    = (*Switch)(nil)
)
