package js

import (
	"modernc.org/libc"
	lib "modernc.org/libquickjs"

	"toban/internal/message"
)

// propertyNames are an object's own property names, in memory of the engine.
type propertyNames struct {
	table uintptr
	n     uint32
}

func (p propertyNames) atom(i uint32) lib.TJSAtom {
	const size = 8 // of JSPropertyEnum: an int and an atom
	return *at[lib.TJSAtom](p.table + uintptr(i)*size + 4)
}

func (r *reader) propertyNames(v lib.TJSValue) (propertyNames, bool) {
	m := r.vm
	out := m.tls.Alloc(16)
	defer m.tls.Free(16)
	if lib.XJS_GetOwnPropertyNames(m.tls, m.ctx, out, out+8, v, lib.MJS_GPN_STRING_MASK|lib.MJS_GPN_ENUM_ONLY) < 0 {
		r.fail(m.pending())
		return propertyNames{}, false
	}
	return propertyNames{*at[uintptr](out), *at[uint32](out + 8)}, true
}

// plain copies an object's own enumerable properties.
func (r *reader) plain(v lib.TJSValue, class string) *message.Object {
	b := message.NewBuilder(8)
	b.Class(class)
	r.fieldsInto(b, v)
	return b.Object()
}

func (r *reader) fieldsInto(b *message.Builder, v lib.TJSValue) {
	m := r.vm
	names, ok := r.propertyNames(v)
	if !ok {
		return
	}
	defer lib.XJS_FreePropertyEnum(m.tls, m.ctx, names.table, names.n)
	for i := range names.n {
		a := names.atom(i)
		name, ok := m.atomName(a)
		if !ok || r.err != nil {
			return
		}
		item := lib.XJS_GetPropertyInternal(m.tls, m.ctx, v, a, v, 0)
		r.names = append(r.names, name)
		b.Set(name, r.read(item))
		r.names = r.names[:len(r.names)-1]
		m.free(item)
	}
}

func (r *reader) array(v lib.TJSValue) message.Value {
	m := r.vm
	n := r.length(v)
	items := make([]message.Value, 0, min(n, 1024))
	for i := range n {
		item := lib.XJS_GetPropertyUint32(m.tls, m.ctx, v, uint32(i))
		items = append(items, r.read(item))
		m.free(item)
		if r.err != nil {
			return nil
		}
	}
	return message.NewArray(items...)
}

func (r *reader) length(v lib.TJSValue) int {
	n, _ := r.property(v, "length").(float64)
	return int(n)
}

// property reads one property by a name that the hand-over itself uses.
func (r *reader) property(v lib.TJSValue, name string) message.Value {
	m := r.vm
	a, kept := m.atom(name)
	item := lib.XJS_GetPropertyInternal(m.tls, m.ctx, v, a, v, 0)
	m.releaseAtom(a, kept)
	defer m.free(item)
	return r.read(item)
}

func (r *reader) bytes(v lib.TJSValue) message.Value {
	m := r.vm
	out := m.tls.Alloc(32)
	defer m.tls.Free(32)
	buf := r.checked(lib.XJS_GetTypedArrayBuffer(m.tls, m.ctx, v, out, out+8, out+16))
	defer m.free(buf)
	if r.err != nil {
		return nil
	}
	p := lib.XJS_GetArrayBuffer(m.tls, m.ctx, out+24, buf)
	offset, n := *at[libc.Tsize_t](out), *at[libc.Tsize_t](out + 8)
	if p == 0 || n == 0 {
		return message.Buffer("")
	}
	return message.Buffer(bytesAt(p+uintptr(offset), int(n)))
}

// errorValue keeps an error's name, message and stack, which are not
// enumerable, and what was added to it.
func (r *reader) errorValue(v lib.TJSValue) *message.Object {
	b := message.NewBuilder(4)
	b.Class("Error")
	name, text := r.property(v, "name"), r.property(v, "message")
	b.Set("name", name)
	b.Set("message", text)
	if stack, _ := r.property(v, "stack").(string); stack != "" {
		b.Set("stack", stackHeader(name, text)+stack)
	}
	if cause := r.property(v, "cause"); cause != nil {
		b.Set("cause", cause)
	}
	r.fieldsInto(b, v)
	return b.Object()
}

// stackHeader is the line that other engines put on top of a stack.
func stackHeader(name, text message.Value) string {
	return message.ToString(message.NewError(message.ToString(name), message.ToString(text), "")) + "\n"
}
