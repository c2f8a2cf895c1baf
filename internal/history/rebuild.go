package history

import "toban/internal/message"

// replaced is a property or an item that is to have another value.
type replaced struct {
	name  string
	index int
	value message.Value
}

// same reports that a change has left a value as it was. Values of one type only
// change in ways that show: texts, Buffers, and what holds them.
func same(a, b message.Value) bool {
	switch a.(type) {
	case string, message.Buffer, *message.Object, *message.Array:
		return a == b
	}
	return true // nothing else changes, and NaN isn't even itself
}

// object is an object with its properties changed; itself if none is.
func object(o *message.Object, change func(name string, v message.Value) message.Value) *message.Object {
	var list []replaced
	for name, v := range o.All() {
		if w := change(name, v); !same(v, w) {
			list = append(list, replaced{name: name, value: w})
		}
	}
	if len(list) == 0 {
		return o
	}
	if o.Class() != "" { // a Builder makes plain objects; the others are small
		for _, r := range list {
			o = o.With(r.name, r.value)
		}
		return o
	}
	b := message.NewBuilder(o.Len())
	for name, v := range o.All() {
		if len(list) > 0 && list[0].name == name {
			v, list = list[0].value, list[1:]
		}
		b.Set(name, v)
	}
	return b.Object()
}

// array is an array with its items changed; itself if none is.
func array(a *message.Array, change func(message.Value) message.Value) *message.Array {
	var list []replaced
	for i, v := range a.All() {
		if w := change(v); !same(v, w) {
			list = append(list, replaced{index: i, value: w})
		}
	}
	if len(list) == 0 {
		return a
	}
	items := make([]message.Value, 0, a.Len())
	for i, v := range a.All() {
		if len(list) > 0 && list[0].index == i {
			v, list = list[0].value, list[1:]
		}
		items = append(items, v)
	}
	return message.NewArray(items...)
}
