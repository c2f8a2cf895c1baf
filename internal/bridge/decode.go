package bridge

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"

	"toban/internal/message"
)

// maxDepth bounds the nesting of a value that comes over the wire.
const maxDepth = 500

var errTooDeep = errors.New("value is nested too deeply")

// Decode reads a value of the protocol.
func Decode(data []byte) (message.Value, error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	raw, err := parse(dec, 0)
	if err != nil {
		return nil, err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("more than one value")
	}
	return resolve(raw)
}

// parse reads plain JSON; tags are not looked at yet.
func parse(dec *json.Decoder, depth int) (message.Value, error) {
	if depth > maxDepth {
		return nil, errTooDeep
	}
	tok, err := dec.Token()
	if err != nil {
		return nil, err
	}
	switch t := tok.(type) {
	case json.Delim:
		if t == '[' {
			return parseArray(dec, depth)
		}
		return parseObject(dec, depth)
	case nil:
		return message.Null{}, nil
	default: // bool, float64, string
		return t, nil
	}
}

func parseArray(dec *json.Decoder, depth int) (message.Value, error) {
	var items []message.Value
	for dec.More() {
		v, err := parse(dec, depth+1)
		if err != nil {
			return nil, err
		}
		items = append(items, v)
	}
	if _, err := dec.Token(); err != nil {
		return nil, err
	}
	return message.NewArray(items...), nil
}

func parseObject(dec *json.Decoder, depth int) (message.Value, error) {
	b := message.NewBuilder(8)
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return nil, err
		}
		v, err := parse(dec, depth+1)
		if err != nil {
			return nil, err
		}
		b.Set(key.(string), v)
	}
	if _, err := dec.Token(); err != nil {
		return nil, err
	}
	return b.Object(), nil
}
