package bridge

import (
	"encoding/base64"
	"encoding/json"
	"math"
	"strconv"

	"toban/internal/message"
)

// Encode writes a value of the protocol.
func Encode(v message.Value) json.RawMessage { return appendValue(nil, v) }

func appendValue(b []byte, v message.Value) []byte {
	switch v := v.(type) {
	case nil:
		return append(b, `{"$":["undef"]}`...)
	case message.Null:
		return append(b, "null"...)
	case bool:
		return strconv.AppendBool(b, v)
	case float64:
		return appendNumber(b, v)
	case string:
		return appendText(b, v)
	case message.Buffer:
		b = append(b, `{"$":["buf","`...)
		b = base64.StdEncoding.AppendEncode(b, []byte(v))
		return append(b, `"]}`...)
	case message.Date:
		return appendDate(b, v)
	case *message.Array:
		return appendArray(b, v)
	case *message.Object:
		return appendObject(b, v)
	default: // http requests and responses travel by reference
		return append(b, `{"$":["opaque","Object"]}`...)
	}
}

func appendText(b []byte, s string) []byte {
	text, _ := json.Marshal(s) // a string always marshals
	return append(b, text...)
}

func appendNumber(b []byte, n float64) []byte {
	switch {
	case math.IsNaN(n):
		return append(b, `{"$":["num","NaN"]}`...)
	case math.IsInf(n, 1):
		return append(b, `{"$":["num","Infinity"]}`...)
	case math.IsInf(n, -1):
		return append(b, `{"$":["num","-Infinity"]}`...)
	case n == 0 && math.Signbit(n):
		return append(b, `{"$":["num","-0"]}`...)
	}
	return strconv.AppendFloat(b, n, 'g', -1, 64)
}

func appendDate(b []byte, d message.Date) []byte {
	if math.IsNaN(float64(d)) {
		return append(b, `{"$":["date",null]}`...)
	}
	b = append(b, `{"$":["date",`...)
	b = strconv.AppendFloat(b, float64(d), 'f', -1, 64)
	return append(b, `]}`...)
}

func appendArray(b []byte, a *message.Array) []byte {
	b = append(b, '[')
	for i, item := range a.All() {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendValue(b, item)
	}
	return append(b, ']')
}

func appendObject(b []byte, o *message.Object) []byte {
	if o.Class() != "" {
		return appendClassed(b, o)
	}
	if _, own := o.Lookup("$"); own {
		b = append(b, `{"$":["obj",`...)
		return append(appendFields(b, o), "]}"...)
	}
	return appendFields(b, o)
}

func appendFields(b []byte, o *message.Object) []byte {
	b = append(b, '{')
	first := true
	for key, v := range o.All() {
		if !first {
			b = append(b, ',')
		}
		first = false
		b = appendText(b, key)
		b = append(b, ':')
		b = appendValue(b, v)
	}
	return append(b, '}')
}

func appendClassed(b []byte, o *message.Object) []byte {
	if o.Class() == "Error" {
		b = append(b, `{"$":["err",`...)
		return append(appendFields(b, o), "]}"...)
	}
	tag, parts, known := tagOf(o.Class())
	if !known {
		b = append(b, `{"$":["opaque",`...)
		return append(appendText(b, o.Class()), "]}"...)
	}
	b = append(b, `{"$":[`...)
	b = appendText(b, tag)
	for _, part := range parts {
		b = append(b, ',')
		b = appendValue(b, o.Get(part))
	}
	return append(b, "]}"...)
}
