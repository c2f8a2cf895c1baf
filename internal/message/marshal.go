package message

// JSON marshals a Value by the rules of JSON.stringify; what these leave out
// (undefined, a function) becomes null.
type JSON struct{ Value Value }

// MarshalJSON implements json.Marshaler.
func (j JSON) MarshalJSON() ([]byte, error) {
	if text, ok := Stringify(j.Value, 0); ok {
		return []byte(text), nil
	}
	return []byte("null"), nil
}
