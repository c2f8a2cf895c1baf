package js

import (
	"sync"
	"time"
	"unsafe"

	"modernc.org/libc"
	lib "modernc.org/libquickjs"
)

// worlds finds the VM of an engine that calls back, by its runtime.
var worlds sync.Map // uintptr -> *VM

func worldOf(rt uintptr) *VM {
	m, _ := worlds.Load(rt)
	vm, _ := m.(*VM)
	return vm
}

// functionPointer gives a Go function in the form in which the engine calls C functions.
func functionPointer(f any) uintptr {
	type words [2]uintptr
	return (*words)(unsafe.Pointer(&f))[1]
}

func (m *VM) join() {
	worlds.Store(m.rt, m)
	lib.XJS_SetInterruptHandler(m.tls, m.rt, functionPointer(interruptHandler), 0)
}

func (m *VM) part() { worlds.Delete(m.rt) }

// interruptHandler is asked by the engine now and then whether to stop.
func interruptHandler(_ *libc.TLS, rt, _ uintptr) int32 {
	if m := worldOf(rt); m != nil && (m.stop.Load() || m.expired()) {
		return 1
	}
	return 0
}

func (m *VM) expired() bool { return time.Since(m.started) >= m.opt.Time }

// enter begins a call into JavaScript; the outermost one starts the clock.
// leave must follow.
func (m *VM) enter() {
	if m.depth == 0 {
		m.started = time.Now()
		m.stop.Store(false)
	}
	m.depth++
}

// leave ends a call. A panic of a host function goes on from here: it must not
// unwind through the engine's frames.
func (m *VM) leave() {
	m.depth--
	if p := m.panicked; p != nil && m.depth == 0 {
		m.panicked = nil
		panic(p)
	}
}
