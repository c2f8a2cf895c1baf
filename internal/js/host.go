package js

import (
	"errors"
	"fmt"
	"time"

	"modernc.org/libc"
	lib "modernc.org/libquickjs"

	"toban/internal/message"
)

// hostName is the global under which the prelude finds the host function; it
// is gone before other code runs.
const hostName = "host"

// newHost makes the function through which JavaScript calls Go: host(op, …args).
func (m *VM) newHost() lib.TJSValue {
	return lib.XJS_NewCFunction2(m.tls, m.ctx, functionPointer(hostCall), addr(hostName+"\x00"), 1, lib.EJS_CFUNC_generic_magic, 0)
}

// hostCall is a JSCFunctionMagic of the engine.
func hostCall(tls *libc.TLS, ctx uintptr, _ lib.TJSValue, argc int32, argv uintptr, _ int32) (result lib.TJSValue) {
	m := worldOf(lib.XJS_GetRuntime(tls, ctx))
	if m == nil || argc == 0 {
		return undefined
	}
	defer func() {
		if p := recover(); p != nil {
			m.panicked = p
			result = m.throw(fmt.Errorf("panic: %v", p))
			lib.XJS_SetUncatchableException(tls, ctx, 1)
		}
	}()
	m.depth++ // the clock goes on
	defer func() { m.depth-- }()
	args := make([]Value, argc)
	for i := range args {
		args[i] = m.wrap(*at[lib.TJSValue](argv + uintptr(i*sizeOfValue)))
	}
	op, _ := m.goString(rawOf(args[0]))
	v, err := m.dispatch(op, args[1:])
	if err != nil {
		return m.throw(err)
	}
	w := writer{vm: m}
	js := w.write(v, 0)
	if w.err != nil {
		m.free(js)
		return m.throw(w.err)
	}
	return js
}

func (m *VM) dispatch(op string, args []Value) (message.Value, error) {
	switch op {
	case "console":
		m.console(args)
		return nil, nil
	case "timer.set":
		return nil, m.setTimer(args)
	case "timer.clear":
		if m.opt.ClearTimer != nil {
			m.opt.ClearTimer(m.intArg(args, 0))
		}
		return nil, nil
	}
	if f, ok := codecs[op]; ok {
		return f(m, args)
	}
	if m.opt.Host == nil {
		return nil, fmt.Errorf("no host function %q", op)
	}
	return m.opt.Host(op, args)
}

// throw makes err the engine's exception.
func (m *VM) throw(err error) lib.TJSValue {
	var v message.Value = message.NewError("Error", m.opt.Lang.Err(err), "")
	if t, ok := errors.AsType[Thrown](err); ok {
		v = t.Value
	}
	w := writer{vm: m}
	return lib.XJS_Throw(m.tls, m.ctx, w.write(v, 0))
}

func (m *VM) console(args []Value) {
	if m.opt.Console == nil || len(args) < 2 {
		return
	}
	level, _ := m.goString(rawOf(args[0]))
	text, _ := m.goString(rawOf(args[1]))
	m.opt.Console(level, text)
}

// maxTimer is the longest time that setTimeout can wait (2^31-1 ms); longer
// ones fire at once there, as in Node.
const maxTimer = 1<<31 - 1

func (m *VM) setTimer(args []Value) error {
	if m.opt.Timer == nil || len(args) < 3 {
		return errors.New("timers aren't available here")
	}
	r := reader{vm: m}
	ms := r.number(rawOf(args[1]))
	if !(ms >= 1 && ms <= maxTimer) {
		ms = 1
	}
	repeat := lib.XJS_ToBool(m.tls, m.ctx, rawOf(args[2])) > 0
	m.opt.Timer(m.intArg(args, 0), time.Duration(ms*float64(time.Millisecond)), repeat)
	return nil
}

// Fire runs the callback of a timer; last forgets it afterwards.
func (m *VM) Fire(id int, last bool) error {
	v, err := m.Call(m.wrap(m.core.fire), m.Int(id), m.wrap(newBool(last)))
	v.Free()
	return err
}

func (m *VM) intArg(args []Value, i int) int {
	if i >= len(args) {
		return 0
	}
	r := reader{vm: m}
	return int(r.number(rawOf(args[i])))
}
