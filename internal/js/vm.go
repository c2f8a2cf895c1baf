package js

import (
	"sync/atomic"
	"time"

	lib "modernc.org/libquickjs"
	"modernc.org/quickjs"

	"toban/internal/locale"
	"toban/internal/message"
)

// The limits of a VM for which Options name none.
const (
	DefaultTime   = 10 * time.Second
	DefaultMemory = 128 << 20 // bytes
)

// Options configure a VM. The zero value is usable: no host, no timers.
type Options struct {
	// Time bounds each call into JavaScript, host functions included; 0 means
	// DefaultTime.
	Time time.Duration
	// Memory bounds the VM's heap in bytes; 0 means DefaultMemory.
	Memory uintptr
	// Host answers the calls that preludes make with host("op", …). The
	// arguments are the VM's and end with the call; an error is thrown as a
	// JavaScript exception, a [Thrown] as the value that it holds.
	Host func(op string, args []Value) (message.Value, error)
	// Timer is asked to call VM.Fire(id) in d, again and again if repeat.
	Timer func(id int, d time.Duration, repeat bool)
	// ClearTimer cancels a timer. An unknown id is no error.
	ClearTimer func(id int)
	// Lang is the language of the errors that host functions throw.
	Lang locale.Lang
	// Console takes what console.log and its like print; nil drops it.
	Console func(level, text string)
}

// VM is one JavaScript world. Its methods are for one goroutine at a time,
// except Interrupt.
type VM struct {
	engine
	qjs      *quickjs.VM
	opt      Options
	atoms    atoms
	core     core
	started  time.Time // of the outermost call
	depth    int       // of calls into JavaScript
	stop     atomic.Bool
	panicked any // what a host function panicked with
}

// New makes a VM with the built-in globals. It costs a few hundred µs and
// about 300 kB, so callers make it when they first need it.
func New(opt Options) (*VM, error) {
	q, err := quickjs.NewVM()
	if err != nil {
		return nil, locale.Errorf("js.start").Because(err)
	}
	m := &VM{qjs: q, opt: opt}
	if m.engine, err = engineOf(q); err != nil {
		_ = q.Close()
		return nil, locale.Errorf("js.start").Because(err)
	}
	q.SetMemoryLimit(orDefault(opt.Memory, DefaultMemory))
	m.opt.Time = orDefault(opt.Time, DefaultTime)
	if err := m.boot(); err != nil {
		m.Close()
		return nil, locale.Errorf("js.start").Because(err)
	}
	return m, nil
}

func orDefault[T comparable](v, def T) T {
	var zero T
	if v == zero {
		return def
	}
	return v
}

// SetTime changes the limit on the time of one call from now on.
func (m *VM) SetTime(d time.Duration) {
	m.opt.Time = orDefault(d, DefaultTime)
}

// Interrupt stops the JavaScript that runs now. Safe anywhere, also after Close.
func (m *VM) Interrupt() { m.stop.Store(true) }

// Close frees the VM. Values of it must have been freed.
func (m *VM) Close() {
	m.core.free()
	m.atoms.free(m.engine)
	m.part()
	_ = m.qjs.Close() // documented never to fail
}

// Free frees v.
func (m *VM) Free(v Value) { v.Free() }

// Undefined is JavaScript's undefined.
func (m *VM) Undefined() Value { return m.wrap(undefined) }

// String makes a string value.
func (m *VM) String(s string) Value { return m.wrap(m.newString(s)) }

// Int makes a number value.
func (m *VM) Int(n int) Value { return m.wrap(newNumber(float64(n))) }

func (m *VM) free(v lib.TJSValue) { lib.XFreeValue(m.tls, m.ctx, v) }
