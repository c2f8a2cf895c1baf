package history

import (
	"strings"

	"toban/internal/message"
)

// Mask stands where a secret was.
const Mask = "••••••"

// place is where in a message a value stands: what its name means depends on that.
type place int

const (
	anywhere place = iota
	headers        // of a request or an answer, by name
	cookies        // all of them
	cookie         // one, with its options
)

// masker masks what the names in messages give away. Messages share most of their
// values, so each object and array is looked at once.
type masker struct {
	done    map[seen]message.Value
	secrets map[string]bool // what was masked
}

// seen is an object or array at a place.
type seen struct {
	what message.Value
	at   place
}

func newMasker() *masker {
	return &masker{done: map[seen]message.Value{}, secrets: map[string]bool{}}
}

// message masks the values of a message that stand under a telling name.
func (m *masker) message(msg *message.Object) *message.Object {
	masked, _ := m.value(msg, anywhere).(*message.Object)
	return masked
}

func (m *masker) value(v message.Value, at place) message.Value {
	switch v.(type) {
	case *message.Object, *message.Array:
	default:
		return v
	}
	key := seen{v, at}
	if masked, ok := m.done[key]; ok {
		return masked
	}
	masked := v
	switch v := v.(type) {
	case *message.Object:
		masked = object(v, func(name string, v message.Value) message.Value { return m.property(name, v, at) })
	case *message.Array:
		masked = array(v, func(item message.Value) message.Value { return m.value(item, anywhere) })
	}
	m.done[key] = masked
	return masked
}

func (m *masker) property(name string, v message.Value, at place) message.Value {
	if secret(name, at) {
		switch v := v.(type) {
		case string:
			return m.hide(v)
		case *message.Array: // a header that came several times
			return array(v, func(item message.Value) message.Value {
				if text, ok := item.(string); ok {
					return m.hide(text)
				}
				return m.value(item, anywhere)
			})
		}
	}
	return m.value(v, below(name, at))
}

// hide masks a text, and notes it and its parts: the token behind Bearer, the values
// of cookies.
func (m *masker) hide(text string) message.Value {
	if text == "" {
		return text
	}
	m.secrets[text] = true
	for part := range strings.FieldsFuncSeq(text, func(r rune) bool { return strings.ContainsRune(" ;,", r) }) {
		m.secrets[part] = true
		if _, value, _ := strings.Cut(part, "="); value != "" {
			m.secrets[value] = true
		}
	}
	return Mask
}

// below is the place of what stands under a name.
func below(name string, at place) place {
	switch {
	case at == cookies:
		return cookie
	case strings.EqualFold(name, "headers"):
		return headers
	case strings.EqualFold(name, "cookies"):
		return cookies
	}
	return anywhere
}
