package httpin

import (
	"net/url"
	"strconv"
	"strings"

	"toban/internal/message"
)

// The bounds that Express's query parser (qs) has by default.
const (
	maxParameters = 1000
	maxNesting    = 5
	maxIndex      = 20 // of an array; beyond it becomes an object's property
)

// parseQuery reads a query string or a urlencoded body with nested names:
// a=1&a=2 is an array, a[b]=1 an object, a[]=1 an array. Pairs beyond limit are
// left out.
func parseQuery(raw string, limit int) *message.Object {
	root := message.NewObject()
	for pair := range strings.SplitSeq(raw, "&") {
		if pair == "" {
			continue
		}
		if limit--; limit < 0 {
			break
		}
		name, value, _ := strings.Cut(pair, "=")
		path := splitName(unescape(name))
		if path[0] == "" || hidden(path) {
			continue
		}
		if o, ok := put(root, path, unescape(value)).(*message.Object); ok {
			root = o
		}
	}
	return root
}

// hidden leaves out names by which code could reach what all objects share.
func hidden(path []string) bool {
	for _, p := range path {
		if p == "__proto__" {
			return true
		}
	}
	return false
}

func unescape(s string) string {
	s = strings.ReplaceAll(s, "+", " ")
	if plain, err := url.PathUnescape(s); err == nil {
		s = plain
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}

// splitName splits a[b][c] into its names; what is nested too deep stays one name.
func splitName(name string) []string {
	open := strings.IndexByte(name, '[')
	if open <= 0 {
		return []string{name}
	}
	path, rest := []string{name[:open]}, name[open:]
	for len(rest) > 0 && rest[0] == '[' && len(path) <= maxNesting {
		end := strings.IndexByte(rest, ']')
		if end < 0 {
			break
		}
		path = append(path, rest[1:end])
		rest = rest[end+1:]
	}
	if rest != "" {
		path = append(path, rest)
	}
	return path
}

// put sets the value at path in at and gives the changed value.
func put(at message.Value, path []string, value string) message.Value {
	if len(path) == 0 {
		return join(at, value)
	}
	name := path[0]
	index, err := strconv.Atoi(name)
	isIndex := err == nil && index >= 0 && index <= maxIndex && strconv.Itoa(index) == name
	switch v := at.(type) {
	case nil:
		if name == "" || isIndex {
			return message.NewArray(put(nil, path[1:], value))
		}
		return message.NewObject(name, put(nil, path[1:], value))
	case *message.Array:
		if name == "" || isIndex && index >= v.Len() {
			return v.Append(put(nil, path[1:], value))
		}
		if isIndex {
			return v.With(index, put(v.At(index), path[1:], value))
		}
		return put(asObject(v), path, value)
	case *message.Object:
		if name == "" {
			name = strconv.Itoa(v.Len())
		}
		return v.With(name, put(v.Get(name), path[1:], value))
	default:
		return put(message.NewArray(v), path, value)
	}
}

// join adds a further value of the same name.
func join(at message.Value, value string) message.Value {
	switch v := at.(type) {
	case nil:
		return value
	case *message.Array:
		return v.Append(value)
	case *message.Object:
		return v.With(value, true)
	default:
		return message.NewArray(v, value)
	}
}

func asObject(a *message.Array) *message.Object {
	b := message.NewBuilder(a.Len())
	for i, v := range a.All() {
		b.Set(strconv.Itoa(i), v)
	}
	return b.Object()
}
