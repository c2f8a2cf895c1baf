package message

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// ToString is JavaScript's String(v).
func ToString(v Value) string {
	switch v := v.(type) {
	case nil:
		return "undefined"
	case Null:
		return "null"
	case bool:
		if v {
			return "true"
		}
		return "false"
	case float64:
		return FormatNumber(v)
	case string:
		return v
	case Buffer:
		return strings.ToValidUTF8(string(v), "\uFFFD")
	case Date:
		return v.String()
	case *Array:
		return joinArray(v)
	case *Object:
		return objectString(v)
	}
	return "[object Object]"
}

// joinArray is Array.prototype.join(","): undefined and null are empty.
func joinArray(a *Array) string {
	var b strings.Builder
	for i, item := range a.items {
		if i > 0 {
			b.WriteByte(',')
		}
		if !IsNullish(item) {
			b.WriteString(ToString(item))
		}
	}
	return b.String()
}

func objectString(o *Object) string {
	switch o.class {
	case "Error":
		return errorString(o)
	case "Map", "Set":
		return "[object " + o.class + "]"
	}
	return "[object Object]"
}

// errorString is Error.prototype.toString.
func errorString(o *Object) string {
	name, text := "Error", ""
	if v := o.Get("name"); v != nil {
		name = ToString(v)
	}
	if v := o.Get("message"); v != nil {
		text = ToString(v)
	}
	switch {
	case name == "":
		return text
	case text == "":
		return name
	}
	return name + ": " + text
}

// Truthy is JavaScript's Boolean(v).
func Truthy(v Value) bool {
	switch v := v.(type) {
	case nil, Null:
		return false
	case bool:
		return v
	case float64:
		return v != 0 && v == v
	case string:
		return v != ""
	}
	return true
}

// TypeOf is JavaScript's typeof v.
func TypeOf(v Value) string {
	switch v := v.(type) {
	case nil:
		return "undefined"
	case bool:
		return "boolean"
	case float64:
		return "number"
	case string:
		return "string"
	case *Object:
		if v.class == "function" {
			return "function"
		}
	}
	return "object"
}

// StringLength is the length that JavaScript gives: UTF-16 code units.
func StringLength(s string) int {
	n := 0
	for i := range len(s) {
		switch c := s[i]; {
		case c < 0x80 || c >= 0xC0 && c < 0xF0:
			n++
		case c >= 0xF0: // outside the BMP: a surrogate pair
			n += 2
		}
	}
	return n
}

// charAt gives the UTF-16 code unit i of s as a string, as s[i] does. Half of a
// surrogate pair can't be held and is U+FFFD.
func charAt(s string, i int) (string, bool) {
	at := 0
	for _, r := range s {
		width := max(utf16.RuneLen(r), 1)
		if i < at+width {
			if width == 2 {
				return string(utf8.RuneError), true
			}
			return string(r), true
		}
		at += width
	}
	return "", false
}
