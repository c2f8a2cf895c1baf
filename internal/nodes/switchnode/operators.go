package switchnode

import (
	"math"
	"strings"

	"toban/internal/expr"
	"toban/internal/message"
)

// input is what an operator tests: the property, the rule's values, and
// msg.parts for the rules that need it.
type input struct {
	property, v1, v2 message.Value
	parts            *message.Object
	rule             *rule
}

var operators = map[string]func(input) (bool, error){
	"eq":     test(func(in input) bool { return message.LooseEqual(in.property, in.v1) }),
	"neq":    test(func(in input) bool { return !message.LooseEqual(in.property, in.v1) }),
	"lt":     test(func(in input) bool { return order(in.property, in.v1, -1, -1) }),
	"lte":    test(func(in input) bool { return order(in.property, in.v1, -1, 0) }),
	"gt":     test(func(in input) bool { return order(in.property, in.v1, 1, 1) }),
	"gte":    test(func(in input) bool { return order(in.property, in.v1, 0, 1) }),
	"btwn":   test(between),
	"cont":   test(func(in input) bool { return strings.Contains(message.ToString(in.property), message.ToString(in.v1)) }),
	"regex":  matches,
	"true":   test(func(in input) bool { return in.property == true }),
	"false":  test(func(in input) bool { return in.property == false }),
	"null":   test(func(in input) bool { return message.IsNullish(in.property) }),
	"nnull":  test(func(in input) bool { return !message.IsNullish(in.property) }),
	"empty":  test(func(in input) bool { n, ok := size(in.property); return ok && n == 0 }),
	"nempty": test(func(in input) bool { n, ok := size(in.property); return ok && n != 0 }),
	"istype": test(func(in input) bool { return isType(in.property, message.ToString(in.v1)) }),
	"hask":   test(hasKey),
	"head":   test(func(in input) bool { return index(in) < message.ToNumber(in.v1) }),
	"tail": test(func(in input) bool {
		return message.ToNumber(in.parts.Get("count"))-message.ToNumber(in.v1) <= index(in)
	}),
	"index": test(func(in input) bool {
		return message.ToNumber(in.v1) <= index(in) && index(in) <= message.ToNumber(in.v2)
	}),
	"jsonata_exp": test(func(in input) bool { return in.v1 == true }),
}

func test(f func(input) bool) func(input) (bool, error) {
	return func(in input) (bool, error) { return f(in), nil }
}

func index(in input) float64 { return message.ToNumber(in.parts.Get("index")) }

// order reports whether a compares to b as from … to.
func order(a, b message.Value, from, to int) bool {
	n, ok := message.Compare(a, b)
	return ok && from <= n && n <= to
}

// between takes its bounds in either order.
func between(in input) bool {
	a, b, c := in.property, in.v1, in.v2
	return order(a, b, 0, 1) && order(a, c, -1, 0) || order(a, b, -1, 0) && order(a, c, 0, 1)
}

func matches(in input) (bool, error) {
	re := in.rule.regexp
	if re == nil {
		var err error
		if re, err = expr.CachedRegexp(pattern(in.v1), in.rule.flags()); err != nil {
			return false, err
		}
	}
	return re.Test(message.ToString(in.property))
}

// pattern is the pattern of new RegExp(v).
func pattern(v message.Value) string {
	if o, ok := v.(*message.Object); ok && o.Class() == "RegExp" {
		return o.Text("source")
	}
	if v == nil || v == "" {
		return "(?:)"
	}
	return message.ToString(v)
}

// size is the length of what can be empty. Handles never are.
func size(v message.Value) (int, bool) {
	switch v := v.(type) {
	case string:
		return len(v), true
	case message.Buffer:
		return len(v), true
	case *message.Array:
		return v.Len(), true
	case *message.Object:
		return v.Len(), v.Class() != "function"
	case message.Date:
		return 0, true // no properties of its own
	case *message.Handle:
		return 1, true
	}
	return 0, false
}

func isType(v message.Value, typ string) bool {
	switch typ {
	case "array":
		_, ok := v.(*message.Array)
		return ok
	case "buffer":
		_, ok := v.(message.Buffer)
		return ok
	case "json":
		_, err := message.ParseJSON(message.ToString(v))
		return err == nil
	case "null":
		return v == message.Null{}
	case "number":
		n, ok := v.(float64)
		return ok && !math.IsNaN(n)
	case "object":
		switch v.(type) {
		case *message.Array, message.Buffer, message.Null:
			return false
		}
	}
	return message.TypeOf(v) == typ
}

func hasKey(in input) bool {
	if message.IsNullish(in.property) || message.TypeOf(in.v1) == "object" {
		return false
	}
	_, present := message.Property(in.property, message.ToString(in.v1))
	return present
}
