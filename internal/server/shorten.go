package server

import (
	"strings"

	"toban/internal/message"
)

// The bounds of values that are shown. What is longer is whole in the journal.
const (
	shownText    = 10_000 // bytes of a text or a Buffer
	shownEntries = 1_000  // of an array or an object
	shownDepth   = 50
	shownBytes   = 4 << 20 // of all values in an answer, about
)

// ellipsis stands where something was left out.
const ellipsis = "…"

// shortener cuts values for display. What it leaves out shows as the debug
// sidebar shows it: a text ends with …, a list is {"__enc__":true, "type":"array",
// "data":[…], "length":n}, and an object says in its last property how much is missing.
type shortener struct {
	full bool
	left int  // bytes that the answer may still take
	cut  bool // something was left out
}

func newShortener(full bool) *shortener { return &shortener{full: full, left: shownBytes} }

// short gives a message as it is to be shown.
func (c *shortener) short(msg *message.Object) message.Value {
	if c.full {
		return msg
	}
	return c.value(msg, 0)
}

func (c *shortener) value(v message.Value, depth int) message.Value {
	if c.left <= 0 || depth > shownDepth {
		c.cut = true
		return ellipsis
	}
	c.left -= 8
	switch v := v.(type) {
	case string:
		return c.text(v)
	case message.Buffer:
		return c.buffer(v)
	case *message.Array:
		return c.array(v, depth)
	case *message.Object:
		return c.object(v, depth)
	}
	return v
}

func (c *shortener) text(s string) message.Value {
	c.left -= min(len(s), shownText)
	if len(s) <= shownText {
		return s
	}
	c.cut = true
	return strings.ToValidUTF8(s[:shownText], "") + ellipsis
}

func (c *shortener) buffer(b message.Buffer) message.Value {
	c.left -= 4 * min(len(b), shownText)
	if len(b) <= shownText {
		return b
	}
	c.cut = true
	items := make([]message.Value, shownText)
	for i := range items {
		items[i] = float64(b[i])
	}
	return excerpt("Buffer", message.NewArray(items...), len(b))
}

func (c *shortener) array(a *message.Array, depth int) message.Value {
	items := make([]message.Value, 0, min(a.Len(), shownEntries))
	for i, item := range a.All() {
		if i == shownEntries || c.left <= 0 {
			c.cut = true
			return excerpt("array", message.NewArray(items...), a.Len())
		}
		items = append(items, c.value(item, depth+1))
	}
	return message.NewArray(items...)
}

// object leaves one of JavaScript's own classes (an Error, a Map) as it is: in
// JSON such an object has hardly any properties.
func (c *shortener) object(o *message.Object, depth int) message.Value {
	if o.Class() != "" {
		return o
	}
	b := message.NewBuilder(min(o.Len(), shownEntries))
	shown := 0
	for key, v := range o.All() {
		if shown == shownEntries || c.left <= 0 {
			c.cut = true
			b.Set(ellipsis, float64(o.Len()-shown))
			break
		}
		shown++
		c.left -= len(key)
		b.Set(key, c.value(v, depth+1))
	}
	return b.Object()
}

func excerpt(typ string, data *message.Array, length int) *message.Object {
	return message.NewObject("__enc__", true, "type", typ, "data", data, "length", float64(length))
}
