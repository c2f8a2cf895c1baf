package expr

import (
	"context"
	"strings"

	"toban/internal/locale"
	"toban/internal/message"
)

// Value is a typed value of a node's configuration, compiled. It is immutable and
// safe for concurrent use.
type Value struct {
	typ      string
	constant bool
	value    message.Value
	eval     func(vars Vars, msg message.Value) (message.Value, error)
	regexp   *Regexp
}

// Compile prepares the value v of the type typ as RED.util.evaluateNodeProperty
// reads it: str, num, bool, json, bin, re, date, jsonata, msg, flow, global, env.
// Any other type gives v as it is. What can be found wrong now is an error now.
func Compile(typ string, v message.Value) (*Value, error) {
	x := &Value{typ: typ}
	if err := x.compile(v); err != nil {
		return nil, err
	}
	return x, nil
}

func (x *Value) compile(v message.Value) (err error) {
	text := message.ToString(v)
	switch x.typ {
	case "jsonata":
		var e *JSONata
		if e, err = CompileJSONata(text); err == nil {
			x.eval = func(vars Vars, msg message.Value) (message.Value, error) {
				return e.Eval(context.Background(), vars, msg)
			}
		}
	case "msg":
		var path message.Path
		if path, err = message.ParseMsgPath(text); err == nil {
			x.eval = func(_ Vars, msg message.Value) (message.Value, error) { return path.Get(msg) }
		}
	case "flow", "global":
		var ref contextRef
		if ref, err = parseContextRef(x.typ, text); err == nil {
			x.eval = ref.get
		}
	case "env":
		x.eval = func(vars Vars, _ message.Value) (message.Value, error) { return evalEnv(vars, text), nil }
	case "date":
		if message.IsNullish(v) {
			text = ""
		}
		x.eval, err = compileDate(text)
	default:
		x.constant = true
		x.value, err = x.compileConstant(v, text)
	}
	return err
}

func (x *Value) compileConstant(v message.Value, text string) (message.Value, error) {
	switch x.typ {
	case "str":
		return text, nil
	case "num":
		return message.ToNumber(v), nil
	case "bool":
		return strings.EqualFold(text, "true"), nil
	case "json":
		parsed, err := message.ParseJSON(text)
		if err != nil {
			return nil, locale.Errorf("expr.value.json").Because(err)
		}
		return parsed, nil
	case "bin":
		return parseBuffer(text)
	case "re":
		re, err := CompileRegexp(text, "")
		if err != nil {
			return nil, err
		}
		x.regexp = re
		b := message.NewBuilder(1)
		b.Class("RegExp")
		b.Set("source", text)
		return b.Object(), nil
	}
	return v, nil
}

// parseBuffer is Buffer.from(JSON.parse(text)) for a JSON string or array.
func parseBuffer(text string) (message.Value, error) {
	parsed, err := message.ParseJSON(text)
	if err != nil {
		return nil, locale.Errorf("expr.value.json").Because(err)
	}
	switch parsed := parsed.(type) {
	case string:
		return message.Buffer(parsed), nil
	case *message.Array:
		bytes := make([]byte, parsed.Len())
		for i, item := range parsed.All() {
			if n := message.ToNumber(item); n == n && n < 1<<53 && n > -1<<53 {
				bytes[i] = byte(int64(n))
			}
		}
		return message.Buffer(bytes), nil
	}
	return nil, locale.Errorf("expr.value.buffer")
}

// Type is the type that the value was compiled with.
func (x *Value) Type() string { return x.typ }

// Constant gives the value if it doesn't depend on anything.
func (x *Value) Constant() (message.Value, bool) { return x.value, x.constant }

// Regexp gives the compiled pattern of a value of type re, else nil.
func (x *Value) Regexp() *Regexp { return x.regexp }

// Eval gives the value for a message. vars may be nil only for types that don't
// need them.
func (x *Value) Eval(vars Vars, msg message.Value) (message.Value, error) {
	if x.constant {
		return x.value, nil
	}
	return x.eval(vars, msg)
}
