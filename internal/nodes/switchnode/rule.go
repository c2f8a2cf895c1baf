package switchnode

import (
	"context"
	"math"

	"toban/internal/expr"
	"toban/internal/locale"
	"toban/internal/message"
)

// ruleConfig is a rule as the flow file has it. It is read by hand because an
// empty value is not an absent one here.
type ruleConfig struct {
	t       string
	v, v2   message.Value
	vt, v2t string
	hasV2   bool
	noCase  bool // of a regex rule
}

// readRules reads the list of rules; what is no object in it is a rule without a type.
func readRules(v message.Value) []ruleConfig {
	list, _ := v.(*message.Array)
	if list == nil {
		return nil
	}
	rules := make([]ruleConfig, list.Len())
	for i, item := range list.All() {
		o, _ := item.(*message.Object)
		v2, hasV2 := o.Lookup("v2")
		rules[i] = ruleConfig{
			t: message.ToString(o.Get("t")), v: o.Get("v"), vt: o.Text("vt"),
			v2: v2, v2t: o.Text("v2t"), hasV2: hasV2 && v2 != nil, noCase: message.Truthy(o.Get("case")),
		}
	}
	return rules
}

// rule is a compiled rule.
type rule struct {
	number     int
	typ        string
	operator   func(input) (bool, error)
	v1, v2     operand
	ignoreCase bool
	regexp     *expr.Regexp // of a regex rule with a constant pattern
}

// operand is one value of a rule.
type operand struct {
	previous bool
	value    *expr.Value
	jsonata  *expr.JSONata // of a jsonata_exp rule, which has $I and $N
}

func (c ruleConfig) compile(number int) (*rule, error) {
	operator, known := operators[c.t]
	if !known && c.t != "else" {
		operator = func(in input) (bool, error) {
			return false, locale.Errorf("switch.unknown_rule", "number", in.rule.number, "type", in.rule.typ)
		}
	}
	r := &rule{number: number, typ: c.t, operator: operator, ignoreCase: c.noCase}
	var err error
	if r.v1, err = operandOf(c.v, c.vt); err != nil {
		return nil, err
	}
	if c.hasV2 || c.v2t == "prev" { // prev has no value
		if r.v2, err = operandOf(c.v2, c.v2t); err != nil {
			return nil, err
		}
	}
	r.precompile()
	return r, nil
}

// operandOf compiles a value. One without a type is a number if it reads as one.
func operandOf(v message.Value, typ string) (operand, error) {
	if typ == "" {
		typ = "str"
		if !math.IsNaN(message.ToNumber(v)) {
			typ = "num"
		}
	}
	switch typ {
	case "prev":
		return operand{previous: true}, nil
	case "json", "null":
		x, err := expr.Compile("str", typ) // istype says what to test for by the type alone
		return operand{value: x}, err
	case "jsonata":
		e, err := expr.CompileJSONata(message.ToString(v))
		if err != nil {
			return operand{}, locale.Errorf("switch.errors.invalid-expr").Because(err)
		}
		return operand{jsonata: e}, nil
	}
	x, err := compile(typ, v)
	return operand{value: x}, err
}

// precompile compiles a constant pattern. A bad one is an error of each message,
// as in Node-RED.
func (r *rule) precompile() {
	if r.typ != "regex" || r.v1.value == nil {
		return
	}
	if v, constant := r.v1.value.Constant(); constant {
		r.regexp, _ = expr.CompileRegexp(pattern(v), r.flags())
	}
}

func (r *rule) flags() string {
	if r.ignoreCase {
		return "i"
	}
	return ""
}

func (r *rule) usesPrevious() bool { return r.v1.previous || r.v2.previous }

func (r *rule) needsParts() bool { return r.typ == "head" || r.typ == "tail" || r.typ == "index" }

// operand gives a rule's value for a message. What can't be read is undefined; a
// JSONata expression that fails is an error.
func (s *Switch) operand(r *rule, o operand, msg *message.Object) (message.Value, error) {
	switch {
	case o.previous:
		return s.previous.value(), nil
	case o.jsonata != nil:
		v, err := o.jsonata.EvalWith(context.Background(), s.vars, msg, r.bindings(msg))
		if err != nil {
			return nil, locale.Errorf("switch.errors.invalid-expr").Because(err)
		}
		return v, nil
	case o.value == nil:
		return nil, nil
	}
	v, err := o.value.Eval(s.vars, msg)
	if err != nil {
		return nil, nil //nolint:nilerr // as in Node-RED, what can't be read is undefined
	}
	return v, nil
}

// bindings are $I and $N of a message of a sequence, for a jsonata_exp rule.
func (r *rule) bindings(msg *message.Object) map[string]message.Value {
	if r.typ != "jsonata_exp" {
		return nil
	}
	if _, ok := sequence(msg); !ok {
		return nil
	}
	parts := msg.Get("parts").(*message.Object)
	return map[string]message.Value{"I": parts.Get("index"), "N": parts.Get("count")}
}
