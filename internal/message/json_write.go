package message

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Stringify is JSON.stringify(v, null, indent): undefined and functions are left
// out of objects and are null in arrays, NaN and the infinities are null, a Date
// is its ISO text, a Buffer {"type":"Buffer","data":[…]}, an Error, a Map, a Set, a
// RegExp and a Handle show only properties of their own. ok is false where
// JSON.stringify gives undefined. indent is at most 10.
func Stringify(v Value, indent int) (text string, ok bool) {
	if !serializable(v) {
		return "", false
	}
	w := jsonWriter{pad: strings.Repeat(" ", min(max(indent, 0), 10))}
	w.value(v)
	return string(w.out), true
}

// AppendJSON appends Stringify(v, 0) to dst; what has no JSON is null.
func AppendJSON(dst []byte, v Value) []byte {
	if !serializable(v) {
		v = Null{}
	}
	w := jsonWriter{out: dst}
	w.value(v)
	return w.out
}

func serializable(v Value) bool {
	t := TypeOf(v)
	return t != "undefined" && t != "function"
}

type jsonWriter struct {
	out   []byte
	pad   string
	level int
}

func (w *jsonWriter) value(v Value) {
	switch v := v.(type) {
	case bool:
		w.out = strconv.AppendBool(w.out, v)
	case float64:
		w.number(v)
	case string:
		w.out = AppendQuoted(w.out, v)
	case Buffer:
		w.object(NewObject("type", "Buffer", "data", bytesArray(v)))
	case Date:
		w.date(v)
	case *Array:
		w.array(v)
	case *Object:
		w.object(v)
	case *Handle:
		w.out = append(w.out, "{}"...)
	default:
		w.out = append(w.out, "null"...)
	}
}

func bytesArray(b Buffer) *Array {
	items := make([]Value, len(b))
	for i := range len(b) {
		items[i] = float64(b[i])
	}
	return NewArray(items...)
}

func (w *jsonWriter) number(f float64) {
	switch {
	case math.IsNaN(f) || math.IsInf(f, 0):
		w.out = append(w.out, "null"...)
	case f == math.Trunc(f) && math.Abs(f) < 1<<53:
		w.out = strconv.AppendInt(w.out, int64(f), 10)
	default:
		w.out = append(w.out, FormatNumber(f)...)
	}
}

func (w *jsonWriter) date(d Date) {
	if iso := d.ISO(); iso != "" {
		w.out = AppendQuoted(w.out, iso)
		return
	}
	w.out = append(w.out, "null"...)
}

func (w *jsonWriter) array(a *Array) {
	w.out = append(w.out, '[')
	w.level++
	for i, item := range a.items {
		if i > 0 {
			w.out = append(w.out, ',')
		}
		w.line()
		if !serializable(item) {
			item = Null{}
		}
		w.value(item)
	}
	w.end(len(a.items) > 0, ']')
}

func (w *jsonWriter) object(o *Object) {
	w.out = append(w.out, '{')
	w.level++
	some := false
	for _, f := range o.fields {
		if !serializable(f.value) || hidden(o.class, f.key) {
			continue
		}
		if some {
			w.out = append(w.out, ',')
		}
		some = true
		w.line()
		w.out = append(AppendQuoted(w.out, f.key), ':')
		if w.pad != "" {
			w.out = append(w.out, ' ')
		}
		w.value(f.value)
	}
	w.end(some, '}')
}

// hidden reports whether a JavaScript value of the class keeps the property out
// of JSON, because it isn't enumerable or isn't a property at all.
func hidden(class, key string) bool {
	switch class {
	case "":
		return false
	case "Error":
		return key == "name" || key == "message" || key == "stack" || key == "cause"
	case "Map", "Set", "RegExp":
		return true
	}
	return false
}

func (w *jsonWriter) end(some bool, c byte) {
	w.level--
	if some {
		w.line()
	}
	w.out = append(w.out, c)
}

func (w *jsonWriter) line() {
	if w.pad == "" {
		return
	}
	w.out = append(w.out, '\n')
	for range w.level {
		w.out = append(w.out, w.pad...)
	}
}

const hexDigits = "0123456789abcdef"

// AppendQuoted appends s as a JSON string with JSON.stringify's escapes.
func AppendQuoted(dst []byte, s string) []byte {
	dst = append(dst, '"')
	from := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && size == 1 {
				dst = append(append(dst, s[from:i]...), "\uFFFD"...)
				from = i + 1
			}
			i += size
			continue
		}
		if c < ' ' || c == '"' || c == '\\' {
			dst = appendEscape(append(dst, s[from:i]...), c)
			from = i + 1
		}
		i++
	}
	return append(append(dst, s[from:]...), '"')
}

func appendEscape(dst []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(dst, '\\', c)
	case '\b':
		return append(dst, `\b`...)
	case '\f':
		return append(dst, `\f`...)
	case '\n':
		return append(dst, `\n`...)
	case '\r':
		return append(dst, `\r`...)
	case '\t':
		return append(dst, `\t`...)
	}
	return append(dst, `\u00`+hexDigits[c>>4:c>>4+1]+hexDigits[c&15:c&15+1]...)
}
