package change

import (
	"strings"

	"toban/internal/expr"
	"toban/internal/locale"
	"toban/internal/message"
)

// ruleConfig is a rule as the flow file has it. It is read by hand because an
// empty value is not an absent one here.
type ruleConfig struct {
	t, p, pt string // set, change, delete or move; the place and its type
	to       message.Value
	tot      string
	from     message.Value
	fromt    string
	re       bool // old: from is a pattern
}

// badProperty marks a property expression that doesn't parse.
const badProperty = "change.bad_property"

// configs gives the rules, made of the old properties if there are none.
func (c *Change) configs() []ruleConfig {
	list, ok := c.Rules.(*message.Array)
	if !ok {
		return []ruleConfig{c.legacy()}
	}
	rules := make([]ruleConfig, list.Len())
	for i, item := range list.All() {
		o, _ := item.(*message.Object)
		rules[i] = ruleConfig{
			t: o.Text("t"), p: text(o.Get("p")), pt: o.Text("pt"), to: o.Get("to"), tot: o.Text("tot"),
			from: o.Get("from"), fromt: o.Text("fromt"), re: message.Truthy(o.Get("re")),
		}
	}
	return rules
}

// legacy is the one rule of a flow file from before Node-RED 0.10.
func (c *Change) legacy() ruleConfig {
	rule := ruleConfig{t: c.Action, p: text(c.Property)}
	switch c.Action {
	case "replace", "set":
		rule.t, rule.to = "set", text(c.To)
	case "move":
		rule.to, rule.tot = text(c.To), "msg"
	case "change":
		rule.from, rule.to = text(c.From), text(c.To)
		if reg, present := c.env.Props().Lookup("reg"); present {
			rule.re = message.Truthy(reg) || reg == message.Null{}
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
	if r.pt == "" {
		r.pt = "msg"
	}
	if r.t == "change" && r.re {
		r.fromt = "re"
	}
	if to, ok := r.to.(string); ok && r.t == "set" && r.tot == "" && strings.HasPrefix(to, "msg.") {
		r.to, r.tot = to[len("msg."):], "msg"
	}
	if r.tot == "" {
		r.tot = "str"
		if r.t == "move" {
			r.tot = "msg"
		}
	}
	if r.fromt == "" {
		r.fromt = "str"
	}
}

// compile makes the rule's action; a rule of an unknown kind has none.
func (r ruleConfig) compile(c *Change) (action, error) {
	r.normalise()
	if r.t == "move" {
		return r.compileMove()
	}
	at, err := target(r.pt, r.p)
	if err != nil {
		return nil, err
	}
	switch r.t {
	case "delete":
		return &deletion{at, r.p}, nil
	case "set":
		to, err := r.value(c)
		return &setting{at, r.p, to}, err
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
	switch r.tot {
	case "str":
		return expr.Compile("", r.to)
	case "env":
		v, err := expr.Compile("env", r.to)
		if err != nil {
			return nil, err
		}
		now, err := v.Eval(c.vars, nil)
		if err != nil {
			return nil, err
		}
		return expr.Compile("", now)
	}
	v, err := expr.Compile(r.tot, r.to)
	if err == nil {
		return v, nil
	}
	switch r.tot {
	case "json", "bin":
		return nil, locale.Errorf("change.errors.invalid-json").Because(err)
	case "jsonata":
		return nil, locale.Errorf("change.errors.invalid-expr").Because(err)
	case "msg", "flow", "global":
		return nil, locale.Errorf(badProperty).Because(err)
	}
	return nil, err
}
