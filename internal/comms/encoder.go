package comms

import (
	"bytes"
	"encoding/json"
	"math"
	"strconv"
	"strings"

	"toban/internal/message"
)

// encoder writes the JSON text of a value for the debug sidebar. What JSON
// can't carry, or what is too long, becomes {"__enc__":true,"type":…}, which
// the editor unpacks.
type encoder struct {
	limit int
	path  []string // the keys from the root to the value being written
}

// maxNesting bounds how deep the sidebar's text goes.
const maxNesting = 200

func (e *encoder) value(b []byte, v message.Value) []byte {
	switch v := v.(type) {
	case nil:
		return append(b, `{"__enc__":true,"type":"undefined"}`...)
	case message.Null:
		return append(b, "null"...)
	case bool:
		return strconv.AppendBool(b, v)
	case float64:
		return e.number(b, v)
	case string:
		return quote(b, cut(v, e.limit))
	case message.Buffer:
		return e.buffer(b, v)
	case message.Date:
		return e.date(b, v)
	case *message.Array:
		return e.list(b, "array", v)
	case *message.Object:
		return e.object(b, v)
	default:
		return append(b, `{"__enc__":true,"type":"internal"}`...)
	}
}

func (e *encoder) number(b []byte, n float64) []byte {
	if math.IsNaN(n) || math.IsInf(n, 0) {
		b = append(b, `{"__enc__":true,"type":"number","data":`...)
		return append(quote(b, message.ToString(n)), '}')
	}
	if n == 0 {
		return append(b, '0') // JSON.stringify(-0)
	}
	return append(b, message.ToString(n)...)
}

// date is what Date.prototype.toJSON gives.
func (e *encoder) date(b []byte, d message.Date) []byte {
	t, ok := d.Time()
	if !ok {
		return append(b, "null"...)
	}
	return quote(b, t.Format("2006-01-02T15:04:05.000Z"))
}

func (e *encoder) buffer(b []byte, buf message.Buffer) []byte {
	b = append(b, `{"type":"Buffer","data":[`...)
	for i := range min(len(buf), e.limit) {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendInt(b, int64(buf[i]), 10)
	}
	b = append(b, `],"__enc__":true,"length":`...)
	return append(strconv.AppendInt(b, int64(len(buf)), 10), '}')
}

// list writes an array, or a set, which never comes as a bare one.
func (e *encoder) list(b []byte, typ string, a *message.Array) []byte {
	if typ == "array" && a.Len() <= e.limit {
		return e.items(b, a)
	}
	b = append(b, `{"__enc__":true,"type":"`...)
	b = append(b, typ...)
	b = append(b, `","data":`...)
	b = e.items(b, a)
	b = append(b, `,"length":`...)
	return append(strconv.AppendInt(b, int64(a.Len()), 10), '}')
}

func (e *encoder) items(b []byte, a *message.Array) []byte {
	b = append(b, '[')
	for i := range min(a.Len(), e.limit) {
		if i > 0 {
			b = append(b, ',')
		}
		b = e.child(b, strconv.Itoa(i), a.At(i))
	}
	return append(b, ']')
}

func (e *encoder) object(b []byte, o *message.Object) []byte {
	switch o.Class() {
	case "Error":
		return e.err(b, o)
	case "Set":
		return e.list(b, "set", listOf(o, "values"))
	case "Map":
		return e.mapping(b, listOf(o, "entries"))
	case "RegExp":
		b = append(b, `{"__enc__":true,"type":"regexp","data":`...)
		return append(quote(b, "/"+o.Text("source")+"/"+o.Text("flags")), '}')
	case "BigInt":
		b = append(b, `{"__enc__":true,"type":"bigint","data":`...)
		return append(quote(b, o.Text("value")), '}')
	case "Function":
		return append(b, `{"__enc__":true,"type":"function"}`...)
	case "Circular":
		return quote(b, e.circular(o))
	default:
		return e.fields(b, o)
	}
}

func (e *encoder) fields(b []byte, o *message.Object) []byte {
	b = append(b, '{')
	first := true
	for key, v := range o.All() {
		if !first {
			b = append(b, ',')
		}
		first = false
		b = append(quote(b, key), ':')
		b = e.child(b, key, v)
	}
	return append(b, '}')
}

func (e *encoder) mapping(b []byte, entries *message.Array) []byte {
	b = append(b, `{"__enc__":true,"type":"map","data":{`...)
	for i := range min(entries.Len(), e.limit) {
		pair, ok := entries.At(i).(*message.Array)
		if !ok {
			continue
		}
		if i > 0 {
			b = append(b, ',')
		}
		key := message.ToString(pair.At(0))
		b = append(quote(b, key), ':')
		b = e.child(b, key, pair.At(1))
	}
	b = append(b, `},"length":`...)
	return append(strconv.AppendInt(b, int64(entries.Len()), 10), '}')
}

// err leaves code and cause out when the error has none.
func (e *encoder) err(b []byte, o *message.Object) []byte {
	b = append(b, `{"__enc__":true,"type":"error","data":{`...)
	b = append(quote(append(b, `"name":`...), o.Text("name")), `,"message":`...)
	b = quote(b, o.Text("message"))
	if code := o.Get("code"); code != nil {
		b = e.child(append(b, `,"code":`...), "code", code)
	}
	if cause := o.Get("cause"); cause != nil {
		b = quote(append(b, `,"cause":`...), message.ToString(cause))
	}
	if stack := o.Text("stack"); stack != "" {
		b = quote(append(b, `,"stack":`...), stack)
	}
	return append(b, "}}"...)
}

func (e *encoder) child(b []byte, key string, v message.Value) []byte {
	if len(e.path) >= maxNesting {
		return quote(b, "…")
	}
	e.path = append(e.path, key)
	b = e.value(b, v)
	e.path = e.path[:len(e.path)-1]
	return b
}

// circular names the ancestor that a reference leads back to.
func (e *encoder) circular(o *message.Object) string {
	levels, _ := o.Get("levels").(float64)
	up := len(e.path) - 1 - int(levels)
	if up <= 0 {
		return "[Circular ~]"
	}
	return "[Circular ~." + strings.Join(e.path[:min(up, len(e.path))], ".") + "]"
}

// quote appends a JSON string as JSON.stringify spells it.
func quote(b []byte, s string) []byte {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(s) // a string always encodes
	return append(b, bytes.TrimSuffix(out.Bytes(), []byte("\n"))...)
}

// units counts UTF-16 code units, JavaScript's idea of a length.
func units(s string) int {
	n := 0
	for _, r := range s {
		n += unitsOf(r)
	}
	return n
}

func unitsOf(r rune) int {
	if r > 0xFFFF {
		return 2
	}
	return 1
}

// cut shortens a text to limit UTF-16 code units and marks that it did.
func cut(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	n := 0
	for i, r := range s {
		if n += unitsOf(r); n > limit {
			return s[:i] + "..."
		}
	}
	return s
}
