package expr

import (
	"encoding/json"
	"reflect"

	"toban/internal/message"
)

// pair remembers what a gnata value was made from, so that a part of the message
// that an expression only passes on comes back as the same value.
type pair struct {
	made any // the gnata object, or the address of an array's first item
	from message.Value
}

// indexPairsFrom is the number of pairs from which a map beats a linear search.
const indexPairsFrom = 16

// opaque carries a value that JSONata can only pass on: a Buffer, a Date, a Handle.
type opaque struct{ value message.Value }

// MarshalJSON lets $string print it as JSON.stringify does.
func (o *opaque) MarshalJSON() ([]byte, error) { return message.AppendJSON(nil, o.value), nil }

// root converts the message, only the properties that the expression can see.
func (e *evaluation) root(msg message.Value) any {
	obj, ok := msg.(*message.Object)
	if !ok || obj == nil {
		return e.toGnata(msg)
	}
	var v any
	if e.shape.whole {
		v = e.toGnata(obj)
	} else {
		made, fields := newObject(len(e.shape.names))
		for _, name := range e.shape.names {
			if child, present := obj.Lookup(name); present && child != nil {
				fields.set(name, e.toGnata(child))
			}
		}
		v = made
	}
	if !e.shape.legacy {
		return v
	}
	made, fields := newObject(1)
	fields.set("msg", v)
	return made
}

// toGnata converts a value. Properties that are undefined are left out: gnata
// would take them for null.
func (e *evaluation) toGnata(v message.Value) any {
	switch v := v.(type) {
	case nil, bool, float64, string:
		return v
	case message.Null:
		return gnataNull
	case *message.Array:
		return e.arrayToGnata(v)
	case *message.Object:
		if v.Class() == "function" {
			return &opaque{v}
		}
		made, fields := newObject(v.Len())
		for key, child := range v.All() {
			if child != nil {
				fields.set(key, e.toGnata(child))
			}
		}
		e.pairs = append(e.pairs, pair{made, v})
		return made
	}
	return &opaque{v}
}

func (e *evaluation) arrayToGnata(a *message.Array) any {
	items := make([]any, a.Len())
	for i, item := range a.All() {
		items[i] = e.toGnata(item)
	}
	if len(items) > 0 {
		e.pairs = append(e.pairs, pair{&items[0], a})
	}
	return items
}

// fromGnata converts a result.
func (e *evaluation) fromGnata(v any) message.Value {
	switch v := v.(type) {
	case nil, bool, float64, string:
		return v
	case json.Number:
		return message.ToNumber(string(v))
	case []any:
		return e.arrayFromGnata(v)
	case object:
		return e.objectFromGnata(v)
	case *opaque:
		return v.value
	}
	if v == gnataNull {
		return message.Null{}
	}
	return e.rareFromGnata(v)
}

// rareFromGnata converts what only few expressions give: plain maps, sequences
// inside other values, and functions.
func (e *evaluation) rareFromGnata(v any) message.Value {
	if m, ok := v.(map[string]any); ok {
		b := message.NewBuilder(len(m))
		for _, key := range sortedKeys(m) {
			b.Set(key, e.fromGnata(m[key]))
		}
		return b.Object()
	}
	if values := reflect.Indirect(reflect.ValueOf(v)); values.Kind() == reflect.Struct && values.Type().Name() == "Sequence" {
		items := values.FieldByName("Values").Interface().([]any)
		switch {
		case len(items) == 0:
			return nil
		case len(items) == 1 && !values.FieldByName("KeepSingleton").Bool():
			return e.fromGnata(items[0])
		}
		return e.arrayFromGnata(items)
	}
	b := message.NewBuilder(0)
	b.Class("function")
	return b.Object()
}

func (e *evaluation) arrayFromGnata(items []any) message.Value {
	if len(items) == 0 {
		return message.NewArray()
	}
	if original, ok := e.original(&items[0]).(*message.Array); ok && original.Len() == len(items) {
		return original
	}
	out := make([]message.Value, len(items))
	for i, item := range items {
		out[i] = e.fromGnata(item)
	}
	return message.NewArray(out...)
}

func (e *evaluation) objectFromGnata(o object) message.Value {
	if original := e.original(o); original != nil {
		return original
	}
	b := message.NewBuilder(o.Len())
	o.Range(func(key string, v any) bool {
		b.Set(key, e.fromGnata(v))
		return true
	})
	return b.Object()
}

func (e *evaluation) original(made any) message.Value {
	if len(e.pairs) < indexPairsFrom {
		for _, p := range e.pairs {
			if p.made == made {
				return p.from
			}
		}
		return nil
	}
	if len(e.index) != len(e.pairs) {
		e.index = make(map[any]message.Value, len(e.pairs))
		for _, p := range e.pairs {
			e.index[p.made] = p.from
		}
	}
	return e.index[made]
}
