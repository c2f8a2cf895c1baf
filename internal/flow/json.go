package flow

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strconv"

	"toban/internal/locale"
	"toban/internal/message"
)

func decode(data []byte) (message.Value, error) {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	dec := json.NewDecoder(bytes.NewReader(data))
	v, err := decodeValue(dec, 0)
	if err == nil {
		if _, end := dec.Token(); end != io.EOF {
			err = errors.New("more text after the end")
		}
	}
	if err == nil {
		return v, nil
	}
	if e, ok := errors.AsType[*locale.Error](err); ok {
		return nil, e
	}
	at := dec.InputOffset()
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		at = syntax.Offset
	}
	before := data[:min(int(at), len(data))]
	line := bytes.Count(before, []byte("\n")) + 1
	column := len(before) - bytes.LastIndexByte(before, '\n')
	return nil, locale.Errorf("flow.not_json", "line", line, "column", column).Because(err)
}

func decodeValue(dec *json.Decoder, depth int) (message.Value, error) {
	if depth > MaxDepth {
		return nil, locale.Errorf("flow.too_deep", "max", MaxDepth)
	}
	t, err := dec.Token()
	if err != nil {
		return nil, err
	}
	switch t := t.(type) {
	case json.Delim:
		if t == '{' {
			return decodeObject(dec, depth)
		}
		var items []message.Value
		for dec.More() {
			v, err := decodeValue(dec, depth+1)
			if err != nil {
				return nil, err
			}
			items = append(items, v)
		}
		_, err := dec.Token()
		return message.NewArray(items...), err
	case nil:
		return message.Null{}, nil
	default:
		return t, nil
	}
}

func decodeObject(dec *json.Decoder, depth int) (message.Value, error) {
	b := message.NewBuilder(16)
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return nil, err
		}
		v, err := decodeValue(dec, depth+1)
		if err != nil {
			return nil, err
		}
		b.Set(key.(string), v)
	}
	_, err := dec.Token()
	return b.Object(), err
}

func encode(v message.Value) []byte { return appendJSON(nil, v) }

func appendJSON(b []byte, v message.Value) []byte {
	switch v := v.(type) {
	case *message.Array:
		b = append(b, '[')
		for i, item := range v.All() {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendJSON(b, item)
		}
		return append(b, ']')
	case *message.Object:
		b = append(b, '{')
		first := true
		for k, item := range v.All() {
			if !first {
				b = append(b, ',')
			}
			first = false
			b = append(appendText(b, k), ':')
			b = appendJSON(b, item)
		}
		return append(b, '}')
	case string:
		return appendText(b, v)
	case float64:
		return strconv.AppendFloat(b, v, 'g', -1, 64)
	case bool:
		return strconv.AppendBool(b, v)
	}
	return append(b, "null"...)
}

func appendText(b []byte, s string) []byte {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(s)
	return append(b, bytes.TrimSuffix(buf.Bytes(), []byte("\n"))...)
}
