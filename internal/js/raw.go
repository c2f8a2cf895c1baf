package js

import (
	"fmt"
	"reflect"
	"unsafe"

	"modernc.org/libc"
	lib "modernc.org/libquickjs"
	"modernc.org/quickjs"
)

// Value is a JavaScript value held by Go. It is counted: every Value that a
// function of this package returns must be freed once, before the VM closes.
type Value = quickjs.Value

// layout is what a quickjs.Value consists of. The package quickjs has no way
// to ask a value for its type or to list its properties without going through
// JSON, so the hand-over uses the engine's own functions beneath it. checkLayout
// makes every test fail when a new version of the library looks different.
type layout struct {
	vm *quickjs.VM
	v  lib.TJSValue
}

func rawOf(v Value) lib.TJSValue { return (*layout)(unsafe.Pointer(&v)).v }

func (m *VM) wrap(v lib.TJSValue) Value {
	l := layout{m.qjs, v}
	return *(*Value)(unsafe.Pointer(&l))
}

// engine is the engine's own view of a VM.
type engine struct {
	tls     *libc.TLS
	rt, ctx uintptr
}

func engineOf(q *quickjs.VM) (e engine, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("this version of modernc.org/quickjs is laid out differently: %v", r)
		}
	}()
	if err := checkLayout(); err != nil {
		return e, err
	}
	vm := reflect.ValueOf(q).Elem()
	rt := vm.FieldByName("runtime").Elem()
	return engine{
		tls: (*libc.TLS)(rt.FieldByName("tls").UnsafePointer()),
		rt:  uintptr(rt.FieldByName("cRuntime").Uint()),
		ctx: uintptr(vm.FieldByName("cContext").Uint()),
	}, nil
}

func checkLayout() error {
	theirs, ours := reflect.TypeFor[Value](), reflect.TypeFor[layout]()
	if theirs.NumField() != ours.NumField() || theirs.Size() != ours.Size() {
		return fmt.Errorf("quickjs.Value has %d fields", theirs.NumField())
	}
	for i := range ours.NumField() {
		if theirs.Field(i).Type != ours.Field(i).Type {
			return fmt.Errorf("quickjs.Value.%s is a %s", theirs.Field(i).Name, theirs.Field(i).Type)
		}
	}
	return nil
}

// at gives the memory of the engine at p; such memory is outside of Go's heap.
func at[T any](p uintptr) *T { return (*T)(*(*unsafe.Pointer)(unsafe.Pointer(&p))) }

func bytesAt(p uintptr, n int) []byte { return unsafe.Slice(at[byte](p), n) }

// addr gives the address of s's bytes for the time of one call into the
// engine. s must be reachable until then; strings in message values are on the
// heap, which doesn't move.
func addr(s string) uintptr { return uintptr(unsafe.Pointer(unsafe.StringData(s))) }
