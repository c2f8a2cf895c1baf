package machine

import "toban/internal/message"

// Encode codes one value on its own, for rows that no journal shares.
func Encode(v message.Value) []byte { return message.NewEncoder().Append(nil, v) }

// Decode reads what Encode wrote.
func Decode(b []byte) (message.Value, error) {
	v, _, err := message.NewDecoder().Decode(b)
	return v, err
}
