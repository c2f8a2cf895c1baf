package message

import "time"

// Value is any message value; the package documentation lists the types that
// it may hold. Any other dynamic type is a programming error.
type Value = any

// Null is JavaScript's null. Undefined is Go's nil.
type Null struct{}

// Buffer is Node's Buffer: bytes, held as a string so that they can't change.
type Buffer string

// Date is JavaScript's Date: milliseconds since the Unix epoch, NaN when invalid.
type Date float64

// Handle is a thing that travels by reference: the request and response of an
// http in node. Class names what it is; Ref belongs to whoever made it and is
// lost when the value is stored. It is equal only to itself.
type Handle struct {
	Class string
	Ref   any
}

// DateOf gives the Date of t, with millisecond precision.
func DateOf(t time.Time) Date { return Date(t.UnixMilli()) }

// Time gives the instant of d in UTC; ok is false for an invalid date.
func (d Date) Time() (t time.Time, ok bool) {
	if !validDate(float64(d)) {
		return time.Time{}, false
	}
	return time.UnixMilli(int64(d)).UTC(), true
}

// IsNullish reports whether v is undefined or null.
func IsNullish(v Value) bool {
	if v == nil {
		return true
	}
	_, null := v.(Null)
	return null
}
