package js

import (
	"slices"
	"strings"

	lib "modernc.org/libquickjs"

	"toban/internal/locale"
	"toban/internal/message"
)

// maxParts bounds the number of values in one value that leaves JavaScript; a
// shared part counts each time.
const maxParts = 2_000_000

// FromJS gives v as a message value, an independent copy. v stays the caller's.
// Functions, symbols and promises become empty objects of their class.
func (m *VM) FromJS(v Value) (message.Value, error) {
	return m.fromJS(rawOf(v))
}

func (m *VM) fromJS(v lib.TJSValue) (message.Value, error) {
	r := reader{vm: m}
	out := r.read(v)
	return out, r.err
}

// reader copies values out of JavaScript. Getters and proxies run while it
// reads; what they throw ends it.
type reader struct {
	vm    *VM
	err   error
	parts int
	above []uintptr // the objects that contain the current one
	names []string  // and under which names
}

func (r *reader) read(v lib.TJSValue) message.Value {
	if r.parts++; r.parts > maxParts {
		r.fail(locale.Errorf("js.too_big", "limit", maxParts))
	}
	if r.err != nil {
		return nil
	}
	switch tagOf(v) {
	case lib.EJS_TAG_UNDEFINED:
		return nil
	case lib.EJS_TAG_NULL:
		return message.Null{}
	case lib.EJS_TAG_BOOL:
		return intOf(v) != 0
	case lib.EJS_TAG_INT:
		return float64(intOf(v))
	case lib.EJS_TAG_FLOAT64:
		return floatOf(v)
	case lib.EJS_TAG_STRING, lib.EJS_TAG_STRING_ROPE:
		return r.text(v)
	case lib.EJS_TAG_BIG_INT, lib.EJS_TAG_SHORT_BIG_INT:
		return classed("BigInt", "value", r.text(v))
	case lib.EJS_TAG_OBJECT:
		return r.object(v)
	case lib.EJS_TAG_EXCEPTION:
		r.fail(r.vm.pending())
	}
	return nil
}

func (r *reader) fail(err error) {
	if r.err == nil {
		r.err = err
	}
}

func (r *reader) text(v lib.TJSValue) message.Value {
	s, ok := r.vm.goString(v)
	if !ok {
		r.fail(r.vm.pending())
	}
	return s
}

func (r *reader) object(v lib.TJSValue) message.Value {
	p := pointerOf(v)
	if slices.Contains(r.above, p) {
		r.fail(locale.Errorf("js.circular", "path", strings.Join(r.names, ".")))
		return nil
	}
	if len(r.above) >= maxDepth {
		r.fail(locale.Errorf("js.too_deep", "limit", maxDepth))
		return nil
	}
	r.above = append(r.above, p)
	out := r.byClass(v)
	r.above = r.above[:len(r.above)-1]
	return out
}

func (r *reader) byClass(v lib.TJSValue) message.Value {
	m := r.vm
	switch id := lib.XJS_GetClassID(m.tls, v); id {
	case lib.EJS_CLASS_OBJECT, lib.EJS_CLASS_ARGUMENTS, lib.EJS_CLASS_MAPPED_ARGUMENTS:
		return r.plain(v, "")
	case lib.EJS_CLASS_ARRAY:
		return r.array(v)
	case lib.EJS_CLASS_DATE:
		return message.Date(r.number(v))
	case lib.EJS_CLASS_UINT8_ARRAY, lib.EJS_CLASS_UINT8C_ARRAY:
		return r.bytes(v)
	case lib.EJS_CLASS_ERROR:
		return r.errorValue(v)
	case lib.EJS_CLASS_NUMBER:
		return r.number(v)
	case lib.EJS_CLASS_STRING:
		return r.text(v)
	case lib.EJS_CLASS_BOOLEAN, lib.EJS_CLASS_REGEXP, lib.EJS_CLASS_MAP, lib.EJS_CLASS_SET,
		lib.EJS_CLASS_ARRAY_BUFFER, lib.EJS_CLASS_SHARED_ARRAY_BUFFER, lib.EJS_CLASS_DATAVIEW:
		return r.takenApart(v)
	case lib.EJS_CLASS_PROXY:
		if lib.XJS_IsArray(m.tls, m.ctx, v) > 0 {
			return r.array(v)
		}
		return r.plain(v, "")
	default:
		return r.other(v, id)
	}
}

func (r *reader) other(v lib.TJSValue, id lib.TJSClassID) message.Value {
	m := r.vm
	switch {
	case id == handleClass.id:
		return m.handleOf(v)
	case lib.XJS_IsFunction(m.tls, m.ctx, v) != 0:
		return classed("function", "name", r.property(v, "name"))
	}
	return r.takenApart(v)
}

// takenApart lets the prelude say what an object of a rarer class consists of:
// [class, parts], or a value to use instead.
func (r *reader) takenApart(v lib.TJSValue) message.Value {
	pair := r.checked(r.vm.callRaw(r.vm.core.takeApart, v))
	defer r.vm.free(pair)
	a, _ := r.read(pair).(*message.Array)
	if a == nil {
		return nil
	}
	class, _ := a.At(0).(string)
	parts, isObject := a.At(1).(*message.Object)
	if class == "" || !isObject {
		return a.At(1)
	}
	b := message.NewBuilder(parts.Len())
	b.Class(class)
	for name, part := range parts.All() {
		b.Set(name, part)
	}
	return b.Object()
}

func classed(class, name string, v message.Value) *message.Object {
	b := message.NewBuilder(1)
	b.Class(class)
	b.Set(name, v)
	return b.Object()
}

func (r *reader) checked(v lib.TJSValue) lib.TJSValue {
	if tagOf(v) == lib.EJS_TAG_EXCEPTION {
		r.fail(r.vm.pending())
		return undefined
	}
	return v
}

func (r *reader) number(v lib.TJSValue) float64 {
	m := r.vm
	p := m.tls.Alloc(8)
	defer m.tls.Free(8)
	if lib.XJS_ToFloat64(m.tls, m.ctx, p, v) < 0 {
		r.fail(m.pending())
		return 0
	}
	return *at[float64](p)
}
