package message

import (
	"cmp"
	"math"
)

// StrictEqual is JavaScript's a === b. Arrays, objects and handles are equal only
// to themselves; Buffers and Dates have no identity here and compare by content.
func StrictEqual(a, b Value) bool { return a == b }

// LooseEqual is JavaScript's a == b.
func LooseEqual(a, b Value) bool {
	if IsNullish(a) || IsNullish(b) {
		return IsNullish(a) && IsNullish(b)
	}
	objectA, objectB := isObject(a), isObject(b)
	switch {
	case objectA && objectB:
		return a == b
	case objectA:
		a = primitive(a)
	case objectB:
		b = primitive(b)
	}
	if a, ok := a.(string); ok {
		if b, ok := b.(string); ok {
			return a == b
		}
	}
	return ToNumber(a) == ToNumber(b)
}

// Compare is what JavaScript's < and > see: -1, 0 or 1, and ok is false when a
// NaN makes every comparison false. Two strings compare by UTF-16 code units,
// all else as numbers.
func Compare(a, b Value) (order int, ok bool) {
	textA, isTextA := comparand(a).(string)
	textB, isTextB := comparand(b).(string)
	if isTextA && isTextB {
		return CompareStrings(textA, textB), true
	}
	x, y := ToNumber(a), ToNumber(b)
	if math.IsNaN(x) || math.IsNaN(y) {
		return 0, false
	}
	switch {
	case x < y:
		return -1, true
	case x > y:
		return 1, true
	}
	return 0, true
}

// CompareStrings orders strings by UTF-16 code units, as JavaScript does. It
// differs from the order of the bytes where one string has a character outside
// the BMP and the other one of U+E000 to U+FFFF.
func CompareStrings(a, b string) int {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return cmp.Compare(unitOrder(a[i]), unitOrder(b[i]))
		}
	}
	return cmp.Compare(len(a), len(b))
}

// unitOrder ranks a leading byte by the UTF-16 units it stands for: surrogates
// (D800…DFFF, bytes F0 and up) come before E000…FFFF (bytes EE and EF).
func unitOrder(c byte) int {
	if c == 0xEE || c == 0xEF {
		return 0x100 + int(c)
	}
	return int(c)
}

func isObject(v Value) bool {
	switch v.(type) {
	case *Array, *Object, *Handle, Buffer, Date:
		return true
	}
	return false
}

// primitive is ToPrimitive without a hint. A Date prefers its text.
func primitive(v Value) Value {
	if isObject(v) {
		return ToString(v)
	}
	return v
}

// comparand is ToPrimitive with hint number.
func comparand(v Value) Value {
	if d, ok := v.(Date); ok {
		return float64(d)
	}
	return primitive(v)
}
