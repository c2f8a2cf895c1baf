package message

import "math"

// Equal reports whether a and b have the same type and content, all the way
// down. The order of properties doesn't count, NaN equals itself and 0 equals
// -0. Handles are equal only to themselves.
func Equal(a, b Value) bool {
	switch a := a.(type) {
	case float64:
		b, ok := b.(float64)
		return ok && equalNumbers(a, b)
	case Date:
		b, ok := b.(Date)
		return ok && equalNumbers(float64(a), float64(b))
	case *Array:
		b, ok := b.(*Array)
		return ok && equalArrays(a, b)
	case *Object:
		b, ok := b.(*Object)
		return ok && equalObjects(a, b)
	}
	return a == b
}

func equalNumbers(a, b float64) bool { return a == b || math.IsNaN(a) && math.IsNaN(b) }

func equalArrays(a, b *Array) bool {
	if a == b {
		return true
	}
	if len(a.items) != len(b.items) {
		return false
	}
	for i := range a.items {
		if !Equal(a.items[i], b.items[i]) {
			return false
		}
	}
	return true
}

func equalObjects(a, b *Object) bool {
	if a == b {
		return true
	}
	if a == nil || b == nil || a.class != b.class || len(a.fields) != len(b.fields) {
		return false
	}
	for i, f := range a.fields {
		if i < len(b.fields) && b.fields[i].key == f.key { // the usual case: same order
			if !Equal(f.value, b.fields[i].value) {
				return false
			}
			continue
		}
		other, present := b.Lookup(f.key)
		if !present || !Equal(f.value, other) {
			return false
		}
	}
	return true
}
