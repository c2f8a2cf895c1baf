package change

import (
	"strings"

	"toban/internal/expr"
	"toban/internal/locale"
	"toban/internal/message"
	"toban/internal/node"
)

// ruleConfig is a rule as the flow file has it.
type ruleConfig struct {
	T     string        `flow:"t"` // set, change, delete, move
	P     string        `flow:"p"`
	PT    string        `flow:"pt" default:"msg"`
	To    message.Value `flow:"to"`
	ToT   string        `flow:"tot"`
	From  message.Value `flow:"from"`
	FromT string        `flow:"fromt"`
	Re    message.Value `flow:"re"` // old: from is a pattern
}

// badProperty marks a property expression that doesn't parse.
const badProperty = "change.bad_property"

// configs gives the rules, made of the old properties if there are none.
func (c *Change) configs() ([]ruleConfig, error) {
	if !message.Truthy(c.Rules) {
		return []ruleConfig{c.legacy()}, nil
	}
	var holder struct {
		Rules []ruleConfig `flow:"rules"`
	}
	err := node.Decode(message.NewObject("rules", c.Rules), &holder)
	return holder.Rules, err
}

// legacy is the one rule of a flow file from before Node-RED 0.10.
func (c *Change) legacy() ruleConfig {
	rule := ruleConfig{T: c.Action, P: text(c.Property), PT: "msg"}
	switch c.Action {
	case "replace", "set":
		rule.T, rule.To = "set", text(c.To)
	case "move":
		rule.To, rule.ToT = text(c.To), "msg"
	case "change":
		rule.From, rule.To = text(c.From), text(c.To)
		if _, present := c.env.Props().Lookup("reg"); present {
			rule.Re = message.Truthy(c.Reg) || c.Reg == message.Null{}
		}
	}
	return rule
}

// text is v, or "" for what is falsy.
func text(v message.Value) string {
	if !message.Truthy(v) {
		return ""
	}
	return message.ToString(v)
}

// normalise fills in the types that old rules lack.
func (r *ruleConfig) normalise() {
	if r.T == "change" && message.Truthy(r.Re) {
		r.FromT = "re"
	}
	if to, ok := r.To.(string); ok && r.T == "set" && r.ToT == "" && strings.HasPrefix(to, "msg.") {
		r.To, r.ToT = to[len("msg."):], "msg"
	}
	if r.ToT == "" {
		r.ToT = "str"
		if r.T == "move" {
			r.ToT = "msg"
		}
	}
	if r.FromT == "" {
		r.FromT = "str"
	}
}

// compile makes the rule's action; a rule of an unknown kind has none.
func (r ruleConfig) compile(c *Change) (action, error) {
	r.normalise()
	if r.T == "move" {
		return r.compileMove()
	}
	at, err := target(r.PT, r.P)
	if err != nil {
		return nil, err
	}
	switch r.T {
	case "delete":
		return &deletion{at, r.P}, nil
	case "set":
		to, err := r.value(c)
		return &setting{at, r.P, to}, err
	case "change":
		return r.compileChange(c, at)
	}
	return nil, nil
}

func target(typ, property string) (*expr.Target, error) {
	t, err := expr.CompileTarget(typ, property)
	if err != nil {
		return nil, locale.Errorf(badProperty).Because(err)
	}
	return t, nil
}

// value compiles the new value. Text stays what the flow file has, whatever that
// is; environment variables are read once.
func (r ruleConfig) value(c *Change) (*expr.Value, error) {
	switch r.ToT {
	case "str":
		return expr.Compile("", r.To)
	case "env":
		v, err := expr.Compile("env", r.To)
		if err != nil {
			return nil, err
		}
		now, err := v.Eval(c.vars, nil)
		if err != nil {
			return nil, err
		}
		return expr.Compile("", now)
	}
	v, err := expr.Compile(r.ToT, r.To)
	if err == nil {
		return v, nil
	}
	switch r.ToT {
	case "json", "bin":
		return nil, locale.Errorf("change.errors.invalid-json").Because(err)
	case "jsonata":
		return nil, locale.Errorf("change.errors.invalid-expr").Because(err)
	case "msg", "flow", "global":
		return nil, locale.Errorf(badProperty).Because(err)
	}
	return nil, err
}
