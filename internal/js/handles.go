package js

import (
	"sync"
	"unsafe"

	"modernc.org/libc"
	lib "modernc.org/libquickjs"

	"toban/internal/message"
)

// held are the message handles that scripts hold, by the number that the
// engine keeps for each. The engine's finalizer takes them out again.
var held = struct {
	sync.Mutex
	next uintptr
	by   map[uintptr]*message.Handle
}{by: map[uintptr]*message.Handle{}}

// handleClass is the class of the objects that stand for handles: opaque, so
// that a script can pass req and res on but not look inside.
var handleClass struct {
	sync.Once
	id lib.TJSClassID
}

var (
	handleClassName = [...]byte{'H', 'a', 'n', 'd', 'l', 'e', 0}
	handleClassDef  = lib.TJSClassDef{
		Fclass_name: uintptr(unsafe.Pointer(&handleClassName[0])),
		Ffinalizer:  functionPointer(releaseHandle),
	}
)

func releaseHandle(tls *libc.TLS, _ uintptr, v lib.TJSValue) {
	held.Lock()
	defer held.Unlock()
	delete(held.by, lib.XJS_GetOpaque(tls, v, handleClass.id))
}

// addHandleClass makes the class known to the VM's engine.
func (m *VM) addHandleClass() {
	handleClass.Do(func() { handleClass.id = lib.XJS_NewClassID(m.tls, uintptr(unsafe.Pointer(&handleClass.id))) })
	if lib.XJS_IsRegisteredClass(m.tls, m.rt, handleClass.id) == 0 {
		lib.XJS_NewClass(m.tls, m.rt, handleClass.id, uintptr(unsafe.Pointer(&handleClassDef)))
	}
}

func (m *VM) newHandle(h *message.Handle) lib.TJSValue {
	v := lib.XJS_NewObjectClass(m.tls, m.ctx, int32(handleClass.id))
	if tagOf(v) == lib.EJS_TAG_EXCEPTION {
		return v
	}
	held.Lock()
	defer held.Unlock()
	held.next++
	held.by[held.next] = h
	lib.XJS_SetOpaque(m.tls, v, held.next)
	return v
}

func (m *VM) handleOf(v lib.TJSValue) message.Value {
	held.Lock()
	defer held.Unlock()
	if h := held.by[lib.XJS_GetOpaque(m.tls, v, handleClass.id)]; h != nil {
		return h
	}
	return nil
}
