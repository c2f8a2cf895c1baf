package message

import (
	"iter"
	"slices"
)

// Array is an immutable list of values.
type Array struct{ items []Value }

var emptyArray = &Array{}

// NewArray makes an array that owns items; the caller must not change them afterwards.
func NewArray(items ...Value) *Array {
	if len(items) == 0 {
		return emptyArray
	}
	return &Array{items: items}
}

// Len gives the number of items.
func (a *Array) Len() int { return len(a.items) }

// At gives item i, or undefined outside the array.
func (a *Array) At(i int) Value {
	if i < 0 || i >= len(a.items) {
		return nil
	}
	return a.items[i]
}

// All iterates over the items in order.
func (a *Array) All() iter.Seq2[int, Value] { return slices.All(a.items) }

// With gives an array whose item i is v; a longer array is filled with
// undefined, as JavaScript does. i must not be negative.
func (a *Array) With(i int, v Value) *Array {
	items := make([]Value, max(len(a.items), i+1))
	copy(items, a.items)
	items[i] = v
	return &Array{items: items}
}

// Without gives an array with item i left out (Array.prototype.splice(i, 1)).
func (a *Array) Without(i int) *Array {
	if i < 0 || i >= len(a.items) {
		return a
	}
	return NewArray(slices.Concat(a.items[:i], a.items[i+1:])...)
}

// Append gives an array with v added at the end.
func (a *Array) Append(v ...Value) *Array { return NewArray(slices.Concat(a.items, v)...) }
