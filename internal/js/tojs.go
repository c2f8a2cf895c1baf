package js

import (
	"runtime"

	"modernc.org/libc"
	lib "modernc.org/libquickjs"

	"toban/internal/locale"
	"toban/internal/message"
)

// maxDepth bounds how deep a value may be nested, on either side.
const maxDepth = 512

// ToJS gives v as a JavaScript value: a copy that the script may change.
func (m *VM) ToJS(v message.Value) (Value, error) {
	w := writer{vm: m}
	js := w.write(v, 0)
	if w.err != nil {
		m.free(js)
		return Value{}, w.err
	}
	return m.wrap(js), nil
}

// writer builds JavaScript values. After an error it gives undefined for what
// is left, so that what was built can be freed as one value.
type writer struct {
	vm  *VM
	err error
}

func (w *writer) write(v message.Value, depth int) lib.TJSValue {
	m := w.vm
	switch v := v.(type) {
	case nil:
		return undefined
	case message.Null:
		return null
	case bool:
		return newBool(v)
	case float64:
		return newNumber(v)
	case string:
		return w.checked(m.newString(v))
	case message.Date:
		return w.checked(lib.XJS_NewDate(m.tls, m.ctx, float64(v)))
	case message.Buffer:
		return w.buffer(v)
	case *message.Array:
		return w.array(v, depth)
	case *message.Object:
		return w.object(v, depth)
	case *message.Handle:
		return w.checked(m.newHandle(v))
	}
	return undefined
}

// checked takes the exception out of the engine if v is one.
func (w *writer) checked(v lib.TJSValue) lib.TJSValue {
	if tagOf(v) == lib.EJS_TAG_EXCEPTION {
		w.fail(w.vm.pending())
		return undefined
	}
	return v
}

func (w *writer) fail(err error) {
	if w.err == nil {
		w.err = err
	}
}

func (w *writer) tooDeep(depth int) bool {
	if depth > maxDepth {
		w.fail(locale.Errorf("js.too_deep", "limit", maxDepth))
	}
	return w.err != nil
}

func (w *writer) array(a *message.Array, depth int) lib.TJSValue {
	if w.tooDeep(depth) {
		return undefined
	}
	m := w.vm
	js := w.checked(lib.XJS_NewArray(m.tls, m.ctx))
	for i, item := range a.All() {
		if w.err != nil {
			break
		}
		v := w.write(item, depth+1)
		lib.XJS_DefinePropertyValueUint32(m.tls, m.ctx, js, uint32(i), v, lib.MJS_PROP_C_W_E)
	}
	return js
}

func (w *writer) object(o *message.Object, depth int) lib.TJSValue {
	if w.tooDeep(depth) {
		return undefined
	}
	if o.Class() != "" {
		return w.classed(o, depth)
	}
	js := w.checked(lib.XJS_NewObject(w.vm.tls, w.vm.ctx))
	w.fields(js, o, depth)
	return js
}

func (w *writer) fields(js lib.TJSValue, o *message.Object, depth int) {
	m := w.vm
	for name, v := range o.All() {
		if w.err != nil {
			return
		}
		a, kept := m.atom(name)
		lib.XJS_DefinePropertyValue(m.tls, m.ctx, js, a, w.write(v, depth+1), lib.MJS_PROP_C_W_E)
		m.releaseAtom(a, kept)
	}
}

// classed rebuilds an Error, RegExp, Map, Set … from its parts.
func (w *writer) classed(o *message.Object, depth int) lib.TJSValue {
	m := w.vm
	parts := w.checked(lib.XJS_NewObject(m.tls, m.ctx))
	w.fields(parts, o, depth)
	class := w.checked(m.newString(o.Class()))
	return w.helper(m.core.revive, class, parts)
}

func (w *writer) buffer(b message.Buffer) lib.TJSValue {
	m := w.vm
	raw := lib.XJS_NewArrayBufferCopy(m.tls, m.ctx, addr(string(b)), libc.Tsize_t(len(b)))
	runtime.KeepAlive(b)
	return w.helper(m.core.buffer, w.checked(raw))
}

// helper calls a function of the prelude and frees its arguments.
func (w *writer) helper(f lib.TJSValue, args ...lib.TJSValue) lib.TJSValue {
	m := w.vm
	defer func() {
		for _, a := range args {
			m.free(a)
		}
	}()
	if w.err != nil {
		return undefined
	}
	return w.checked(m.callRaw(f, args...))
}
