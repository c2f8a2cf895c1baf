package message

import (
	"iter"
	"slices"
)

// Object is an immutable map from property names to values, in JavaScript's
// property order: names that are array indexes first, ascending, then the
// others as they were inserted. A property can be present with the value
// undefined.
type Object struct {
	class  string
	fields []field
	index  map[string]int // only when there are more than indexFrom fields
}

type field struct {
	key   string
	value Value
}

// indexFrom is the size from which a map beats a linear search.
const indexFrom = 16

var emptyObject = &Object{}

// NewObject makes an object from alternating names and values:
// NewObject("payload", "hi", "topic", "t").
func NewObject(pairs ...Value) *Object {
	b := NewBuilder(len(pairs) / 2)
	for i := 0; i+1 < len(pairs); i += 2 {
		b.Set(pairs[i].(string), pairs[i+1])
	}
	return b.Object()
}

// NewError makes the value of a JavaScript Error: an object of class "Error"
// with name and message, and stack unless it is empty.
func NewError(name, text, stack string) *Object {
	b := NewBuilder(3)
	b.Class("Error")
	b.Set("name", name)
	b.Set("message", text)
	if stack != "" {
		b.Set("stack", stack)
	}
	return b.Object()
}

// Class is "" for a plain object, "Error" for an error value, else the name of
// a JavaScript class that has no type of its own here (RegExp, Map, Set, function …).
func (o *Object) Class() string { return o.class }

// Len gives the number of properties.
func (o *Object) Len() int { return len(o.fields) }

// Get gives the value of a property, undefined if there is none.
func (o *Object) Get(key string) Value {
	if i := o.find(key); i >= 0 {
		return o.fields[i].value
	}
	return nil
}

// Lookup gives the value of a property and whether it is present.
func (o *Object) Lookup(key string) (Value, bool) {
	if i := o.find(key); i >= 0 {
		return o.fields[i].value, true
	}
	return nil, false
}

// Text gives a property's value if it is a string, else "".
func (o *Object) Text(key string) string {
	s, _ := o.Get(key).(string)
	return s
}

// All iterates over the properties in order.
func (o *Object) All() iter.Seq2[string, Value] {
	return func(yield func(string, Value) bool) {
		for _, f := range o.fields {
			if !yield(f.key, f.value) {
				return
			}
		}
	}
}

// Keys lists the property names in order.
func (o *Object) Keys() []string {
	keys := make([]string, len(o.fields))
	for i, f := range o.fields {
		keys[i] = f.key
	}
	return keys
}

// With gives an object with the property set: in its place if it exists, else
// at the end.
func (o *Object) With(key string, v Value) *Object {
	if i := o.find(key); i >= 0 {
		fields := slices.Clone(o.fields)
		fields[i].value = v
		return &Object{class: o.class, fields: fields, index: o.index}
	}
	fields := make([]field, len(o.fields), len(o.fields)+1)
	copy(fields, o.fields)
	return newObject(o.class, insert(fields, key, v))
}

// Without gives an object that lacks the property.
func (o *Object) Without(key string) *Object {
	i := o.find(key)
	if i < 0 {
		return o
	}
	return newObject(o.class, slices.Concat(o.fields[:i], o.fields[i+1:]))
}

func (o *Object) find(key string) int {
	if o == nil {
		return -1
	}
	return findField(o.fields, o.index, key)
}

// findField gives the position of a property, -1 if there is none.
func findField(fields []field, index map[string]int, key string) int {
	if index != nil {
		if i, ok := index[key]; ok {
			return i
		}
		return -1
	}
	for i := range fields {
		if fields[i].key == key {
			return i
		}
	}
	return -1
}

func newObject(class string, fields []field) *Object {
	o := &Object{class: class, fields: fields}
	if len(fields) > indexFrom {
		o.index = make(map[string]int, len(fields))
		for i, f := range fields {
			o.index[f.key] = i
		}
	}
	return o
}

// insert puts a new property where JavaScript's order has it.
func insert(fields []field, key string, v Value) []field {
	n, isIndex := arrayIndex(key)
	if !isIndex {
		return append(fields, field{key, v})
	}
	at := 0
	for at < len(fields) {
		m, ok := arrayIndex(fields[at].key)
		if !ok || m > n {
			break
		}
		at++
	}
	return slices.Insert(fields, at, field{key, v})
}

// arrayIndex reports whether key is a canonical array index (0 … 2^32-2).
func arrayIndex(key string) (uint64, bool) {
	if key == "" || len(key) > 10 || (key[0] == '0' && len(key) > 1) {
		return 0, false
	}
	var n uint64
	for i := range len(key) {
		c := key[i]
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + uint64(c-'0')
	}
	return n, n < 1<<32-1
}

// Builder makes one object property by property. It must not be used after Object.
type Builder struct {
	class  string
	fields []field
	index  map[string]int
}

// NewBuilder makes a builder with room for n properties.
func NewBuilder(n int) *Builder { return &Builder{fields: make([]field, 0, n)} }

// Class sets the class of the object.
func (b *Builder) Class(class string) { b.class = class }

// Set sets a property; a later Set of the same name replaces the value in its place.
func (b *Builder) Set(key string, v Value) {
	if i := findField(b.fields, b.index, key); i >= 0 {
		b.fields[i].value = v
		return
	}
	before := len(b.fields)
	b.fields = insert(b.fields, key, v)
	switch {
	case b.index == nil && len(b.fields) > indexFrom, b.index != nil && b.fields[before].key != key:
		b.reindex()
	case b.index != nil:
		b.index[key] = before
	}
}

// Object gives the finished object.
func (b *Builder) Object() *Object {
	if len(b.fields) == 0 && b.class == "" {
		return emptyObject
	}
	return &Object{class: b.class, fields: b.fields, index: b.index}
}

func (b *Builder) reindex() {
	b.index = make(map[string]int, len(b.fields)*2)
	for i, f := range b.fields {
		b.index[f.key] = i
	}
}
