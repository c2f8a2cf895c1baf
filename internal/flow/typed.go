package flow

import (
	"fmt"

	"toban/internal/message"
)

// typed evaluates a typed value that depends on nothing but itself.
func typed(typ string, v message.Value) (message.Value, error) {
	switch typ {
	case "str", "":
		return message.ToString(v), nil
	case "num":
		return message.ToNumber(v), nil
	case "json":
		if text, ok := v.(string); ok {
			return decode([]byte(text))
		}
		return v, nil
	case "bin":
		return binary(v)
	}
	return v, nil
}

// binary makes a Buffer of a JSON array of bytes or a JSON text.
func binary(v message.Value) (message.Value, error) {
	if text, ok := v.(string); ok {
		parsed, err := decode([]byte(text))
		if err != nil {
			return nil, err
		}
		v = parsed
	}
	switch v := v.(type) {
	case string:
		return message.Buffer(v), nil
	case *message.Array:
		bytes := make([]byte, v.Len())
		for i, item := range v.All() {
			n, _ := item.(float64)
			bytes[i] = byte(int64(n))
		}
		return message.Buffer(bytes), nil
	}
	return nil, fmt.Errorf("%T is no list of bytes", v)
}
