package history

import (
	"maps"
	"slices"
	"strings"

	"toban/internal/message"
)

// The bounds of secrets that are looked for in other texts: short ones are words,
// too, and many would take long.
const (
	shortest = 12
	most     = 200
)

// quoter masks secrets where texts quote them: a flow may have put a header into
// another text, or an error may tell it.
type quoter struct {
	secrets *strings.Replacer
	texts   map[string]string
	done    map[message.Value]message.Value // objects and arrays
}

// quotes gives the quoter of what was masked, nil if there is nothing to look for.
func (m *masker) quotes() *quoter {
	list := slices.DeleteFunc(slices.Collect(maps.Keys(m.secrets)), func(s string) bool { return len(s) < shortest })
	if len(list) == 0 {
		return nil
	}
	slices.SortFunc(list, func(a, b string) int { // the whole before its parts
		if len(a) != len(b) {
			return len(b) - len(a)
		}
		return strings.Compare(a, b)
	})
	var pairs []string
	for _, s := range list[:min(len(list), most)] {
		pairs = append(pairs, s, Mask)
	}
	return &quoter{strings.NewReplacer(pairs...), map[string]string{}, map[message.Value]message.Value{}}
}

func (q *quoter) message(msg *message.Object) *message.Object {
	masked, _ := q.value(msg).(*message.Object)
	return masked
}

// text masks the secrets in a text. Long texts are in many messages, and are looked
// through once.
func (q *quoter) text(s string) string {
	if len(s) < shortest {
		return s
	}
	masked, ok := q.texts[s]
	if !ok {
		masked = q.secrets.Replace(s)
		q.texts[s] = masked
	}
	return masked
}

func (q *quoter) value(v message.Value) message.Value {
	switch v := v.(type) {
	case string:
		return q.text(v)
	case message.Buffer:
		return message.Buffer(q.text(string(v)))
	case *message.Object, *message.Array:
		return q.inside(v)
	}
	return v
}

func (q *quoter) inside(v message.Value) message.Value {
	if masked, ok := q.done[v]; ok {
		return masked
	}
	masked := v
	switch v := v.(type) {
	case *message.Object:
		masked = object(v, func(_ string, v message.Value) message.Value { return q.value(v) })
	case *message.Array:
		masked = array(v, q.value)
	}
	q.done[v] = masked
	return masked
}
