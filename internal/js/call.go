package js

import (
	"errors"
	"unsafe"

	lib "modernc.org/libquickjs"

	"toban/internal/locale"
	"toban/internal/message"
)

// Thrown is what a script threw: any value, most often an Error.
type Thrown struct{ Value message.Value }

// Error is String(value).
func (t Thrown) Error() string { return message.ToString(t.Value) }

// Call calls f(args…). The result is the caller's to free. The error is a
// Thrown, or a locale.Error when a limit was reached (js.timeout) or Interrupt
// was called (js.interrupted). Promise jobs are left for RunJobs.
func (m *VM) Call(f Value, args ...Value) (Value, error) {
	m.enter()
	defer m.leave()
	raws := make([]lib.TJSValue, len(args))
	for i, a := range args {
		raws[i] = rawOf(a)
	}
	v := m.callRaw(rawOf(f), raws...)
	if tagOf(v) == lib.EJS_TAG_EXCEPTION {
		return m.Undefined(), m.pending()
	}
	return m.wrap(v), nil
}

const sizeOfValue = int(unsafe.Sizeof(lib.TJSValue{}))

// callRaw calls f with undefined as this; arguments stay the caller's.
func (m *VM) callRaw(f lib.TJSValue, args ...lib.TJSValue) lib.TJSValue {
	size := max(len(args), 1) * sizeOfValue
	argv := m.tls.Alloc(size)
	defer m.tls.Free(size)
	for i, a := range args {
		*at[lib.TJSValue](argv + uintptr(i*sizeOfValue)) = a
	}
	return lib.XJS_Call(m.tls, m.ctx, f, undefined, int32(len(args)), argv)
}

// pending takes the exception out of the engine, as an error.
func (m *VM) pending() error {
	e := lib.XJS_GetException(m.tls, m.ctx)
	defer m.free(e)
	return m.thrown(e)
}

// thrown makes an error of a thrown value.
func (m *VM) thrown(e lib.TJSValue) error {
	r := reader{vm: m}
	v := r.read(e)
	if isInterruption(v) {
		return m.stopReason()
	}
	if r.err != nil {
		text, _ := m.goString(e)
		v = message.NewError("Error", text, "")
	}
	return Thrown{v}
}

func isInterruption(v message.Value) bool {
	o, ok := v.(*message.Object)
	return ok && o.Class() == "Error" && o.Get("name") == "InternalError" && o.Get("message") == "interrupted"
}

func (m *VM) stopReason() error {
	if m.stop.Load() {
		return locale.Errorf("js.interrupted")
	}
	return locale.Errorf("js.timeout", "ms", m.opt.Time.Milliseconds())
}

// Stopped reports whether err means that the time limit or Interrupt ended the
// script in its middle.
func Stopped(err error) bool {
	e, ok := errors.AsType[*locale.Error](err)
	return ok && (e.Key == "js.timeout" || e.Key == "js.interrupted")
}

// RunJobs runs what promises have queued until nothing is left. Exceptions of
// jobs belong to promises; only limits end it with an error.
func (m *VM) RunJobs() error {
	if !m.JobsLeft() {
		return nil
	}
	m.enter()
	defer m.leave()
	pctx := m.tls.Alloc(8)
	defer m.tls.Free(8)
	for lib.XJS_ExecutePendingJob(m.tls, m.rt, pctx) != 0 {
		if m.panicked != nil {
			return nil
		}
		if m.stop.Load() || m.expired() {
			return m.stopReason()
		}
	}
	return nil
}

// JobsLeft reports whether promise jobs wait: after RunJobs, that it was stopped.
func (m *VM) JobsLeft() bool { return lib.XJS_IsJobPending(m.tls, m.rt) != 0 }

// PromiseState says how far a promise is.
type PromiseState int

// The states of a promise. NoPromise: the value is none.
const (
	NoPromise PromiseState = iota - 1
	Pending
	Fulfilled
	Rejected
)

// Promise gives the state of v and, once it is settled, its value or the error
// that it was rejected with.
func (m *VM) Promise(v Value) (PromiseState, Value, error) {
	p := rawOf(v)
	switch state := PromiseState(lib.XJS_PromiseState(m.tls, m.ctx, p)); state {
	case Fulfilled:
		return state, m.wrap(lib.XJS_PromiseResult(m.tls, m.ctx, p)), nil
	case Rejected:
		reason := lib.XJS_PromiseResult(m.tls, m.ctx, p)
		defer m.free(reason)
		return state, m.Undefined(), m.thrown(reason)
	default:
		return state, m.Undefined(), nil
	}
}
