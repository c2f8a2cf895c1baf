package change

import (
	"toban/internal/expr"
	"toban/internal/locale"
	"toban/internal/message"
)

// replacement searches a place for a value and puts another one there: inside a
// text every occurrence, otherwise only the whole value.
type replacement struct {
	at     *expr.Target
	name   string
	from   needle
	search *expr.Value // where the needle is found, if it is not fixed
	to     *expr.Value
	isBool bool // "true" or "false" that comes out becomes a boolean
}

// needle is what is searched for. typ is str, num, bool, re, or another type,
// which only finds text.
type needle struct {
	typ    string
	value  message.Value
	regexp *expr.Regexp
}

func (r ruleConfig) compileChange(c *Change, at *expr.Target) (action, error) {
	to, err := r.value(c)
	if err != nil {
		return nil, err
	}
	out := &replacement{at: at, name: r.p, to: to, isBool: r.tot == "bool"}
	switch r.fromt {
	case "msg", "flow", "global":
		if out.search, err = expr.Compile(r.fromt, r.from); err != nil {
			return nil, locale.Errorf(badProperty).Because(err)
		}
	default:
		out.from, err = fixedNeedle(r.fromt, message.ToString(r.from))
	}
	return out, err
}

func fixedNeedle(typ, text string) (needle, error) {
	pattern := text
	if typ != "re" {
		pattern = expr.QuoteRegexp(text)
	}
	re, err := expr.CachedRegexp(pattern, "g")
	if err != nil {
		return needle{}, locale.Errorf("change.errors.invalid-from").Because(err)
	}
	return needle{typ, text, re}, nil
}

// needleOf makes a needle of a value found in the message or a context.
func needleOf(v message.Value) (needle, error) {
	switch v := v.(type) {
	case float64:
		return needle{typ: "num", value: v}, nil
	case bool:
		return needle{typ: "bool", value: v}, nil
	case string:
		return fixedNeedle("str", v)
	case *message.Object:
		if v.Class() == "RegExp" {
			re, err := expr.CachedRegexp(v.Text("source"), v.Text("flags"))
			return needle{typ: "re", value: v, regexp: re}, err
		}
	}
	return needle{}, locale.Errorf("change.errors.invalid-from-type", "type", message.TypeOf(v))
}

func (r *replacement) apply(c *Change, msg *message.Object) (*message.Object, error) {
	to, ok, err := c.eval(r.to, msg)
	if err != nil || !ok {
		return msg, err
	}
	from := r.from
	if r.search != nil {
		found, ok, err := c.eval(r.search, msg)
		if err != nil || !ok {
			return msg, err
		}
		if from, err = needleOf(found); err != nil {
			return nil, err
		}
	}
	current, err := r.at.Get(c.vars, msg)
	if err != nil {
		if r.at.Type() == "msg" {
			return msg, nil
		}
		return nil, err
	}
	changed, ok, err := r.replace(current, from, to)
	if err != nil || !ok {
		return msg, err
	}
	return c.put(msg, r.at, r.name, changed)
}

// replace gives the changed value; ok is false when nothing is to be written.
func (r *replacement) replace(current message.Value, from needle, to message.Value) (changed message.Value, ok bool, err error) {
	switch current := current.(type) {
	case string:
		if from.typ != "re" && current == from.value {
			return to, true, nil
		}
		return r.inText(current, from, to)
	case float64:
		return to, from.typ == "num" && current == message.ToNumber(from.value), nil
	case bool:
		return to, from.typ == "bool" && message.ToString(current) == from.value, nil
	}
	return nil, false, nil
}

func (r *replacement) inText(current string, from needle, to message.Value) (message.Value, bool, error) {
	if from.regexp == nil {
		return nil, false, nil
	}
	text, err := from.regexp.Replace(current, message.ToString(to), true)
	if err != nil {
		return nil, false, err
	}
	if r.isBool && r.at.Type() == "msg" && text == message.ToString(to) {
		return to, true, nil
	}
	return text, true, nil
}
