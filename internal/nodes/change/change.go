package change

import (
	_ "embed"
	"errors"

	"toban/internal/expr"
	"toban/internal/locale"
	"toban/internal/message"
	"toban/internal/node"
)

//go:embed texts.json
var texts []byte

var _ = locale.Register(texts)

// Change is a change node.
type Change struct {
	Rules message.Value `flow:"rules"` // a list of ruleConfig; absent in old flow files

	// The one rule of old flow files.
	Action   string        `flow:"action"`
	Property message.Value `flow:"property"`
	From     message.Value `flow:"from"`
	To       message.Value `flow:"to"`

	env   node.Env
	vars  expr.Vars
	rules []action
}

// action is a compiled rule. It gives the message as it then is; an error stops
// the message.
type action interface {
	apply(c *Change, msg *message.Object) (*message.Object, error)
}

// Register adds the type to a registry.
func Register(r *node.Registry) {
	r.Add(node.Type{Name: "change", New: func() node.Node { return &Change{} }})
}

// Provision compiles the rules.
func (c *Change) Provision(env node.Env) error {
	c.env, c.vars = env, node.VarsOf(env)
	for i, config := range c.configs() {
		rule, err := config.compile(c)
		if locale.HasKey(err, badProperty) {
			// Node-RED does nothing and says nothing; we say it once.
			env.Log(node.Error, locale.Errorf("change.bad_property", "number", i+1).Because(errors.Unwrap(err)))
			continue
		}
		if err != nil {
			return err
		}
		if rule != nil {
			c.rules = append(c.rules, rule)
		}
	}
	return nil
}

// Receive applies the rules in order and sends the message on.
func (c *Change) Receive(step node.Step, msg *message.Object) error {
	for _, rule := range c.rules {
		var err error
		if msg, err = rule.apply(c, msg); err != nil {
			return err
		}
	}
	step.Send(node.First(msg))
	return nil
}

// put writes a value to a place. A place that can't be written is a warning.
func (c *Change) put(msg *message.Object, to *expr.Target, name string, v message.Value) (*message.Object, error) {
	changed, ok, err := to.Set(c.vars, msg, v)
	switch {
	case err != nil && to.Type() != "msg":
		return nil, err
	case err != nil:
		return msg, nil //nolint:nilerr // a reference in the expression is undefined
	case !ok && v != nil:
		c.env.Log(node.Warn, locale.Errorf("change.errors.no-override", "property", name))
	}
	return changed, nil
}

var (
	_ node.Provisioner = (*Change)(nil)
	_ node.Receiver    = (*Change)(nil)
)
