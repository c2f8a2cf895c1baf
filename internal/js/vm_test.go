package js

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"toban/internal/locale"
	"toban/internal/message"
)

func newVM(t testing.TB, opt Options) *VM {
	t.Helper()
	vm, err := New(opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(vm.Close)
	return vm
}

// eval gives the value of an expression.
func eval(t testing.TB, vm *VM, source string) (message.Value, error) {
	t.Helper()
	s, err := Compile("test", "(function(){ return ("+source+"\n) })")
	if err != nil {
		return nil, err
	}
	f, err := vm.Load(s)
	if err != nil {
		return nil, err
	}
	defer f.Free()
	v, err := vm.Call(f)
	if err != nil {
		return nil, err
	}
	defer v.Free()
	return vm.FromJS(v)
}

// call calls a function expression with one value.
func call(t testing.TB, vm *VM, source string, arg message.Value) (message.Value, error) {
	t.Helper()
	s, err := Compile("test", "("+source+")")
	if err != nil {
		t.Fatal(err)
	}
	f, err := vm.Load(s)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Free()
	a, err := vm.ToJS(arg)
	if err != nil {
		return nil, err
	}
	defer a.Free()
	v, err := vm.Call(f, a)
	if err != nil {
		return nil, err
	}
	defer v.Free()
	return vm.FromJS(v)
}

// spell writes a value so that all differences show: types, classes, order, -0.
func spell(v message.Value) string {
	switch v := v.(type) {
	case *message.Array:
		parts := []string{}
		for _, item := range v.All() {
			parts = append(parts, spell(item))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case *message.Object:
		parts := []string{}
		for name, item := range v.All() {
			parts = append(parts, fmt.Sprintf("%q: %s", name, spell(item)))
		}
		return v.Class() + "{" + strings.Join(parts, ", ") + "}"
	}
	return fmt.Sprintf("%T(%#v)", v, v)
}

// same compares values by what they are, NaN and -0 included.
func same(a, b message.Value) string {
	return cmp.Diff(spell(a), spell(b))
}

func TestRoundTrip(t *testing.T) {
	vm := newVM(t, Options{})
	classed := func(class string, pairs ...message.Value) message.Value {
		b := message.NewBuilder(1)
		b.Class(class)
		for i := 0; i < len(pairs); i += 2 {
			b.Set(pairs[i].(string), pairs[i+1])
		}
		return b.Object()
	}
	for _, v := range []message.Value{
		nil, message.Null{}, true, false, 0.0, -1.0, 1.5, math.Copysign(0, -1), math.NaN(), math.Inf(1), math.Inf(-1),
		math.MaxInt32 + 1.0, math.MinInt32 - 1.0, 1e300, "", "text", "日本語 😀", "a\x00b",
		message.Buffer(""), message.Buffer("\x00\xff日"), message.Date(1.7e12), message.Date(math.NaN()),
		message.NewArray(), message.NewArray(nil, message.Null{}, 1.0, message.NewArray("x")),
		message.NewObject(), message.NewObject("b", 1.0, "a", 2.0, "10", 3.0, "2", 4.0, "", 5.0, "__proto__", 6.0, "日", nil),
		classed("RegExp", "source", "a+", "flags", "gi"), classed("BigInt", "value", "123456789012345678901234567890"),
		classed("Map", "entries", message.NewArray(message.NewArray("k", 1.0))),
		classed("Set", "values", message.NewArray(1.0, "x")),
		mail(),
	} {
		got, err := call(t, vm, "v => v", v)
		if err != nil {
			t.Errorf("%v: %v", v, err)
			continue
		}
		if diff := same(v, got); diff != "" {
			t.Errorf("%#v came back changed:\n%s", v, diff)
		}
	}
}

func TestErrorsRoundTrip(t *testing.T) {
	vm := newVM(t, Options{})
	in := message.NewError("TypeError", "bad", "").With("code", "E1").With("cause", message.NewError("Error", "why", ""))
	v, err := call(t, vm, "e => [e instanceof TypeError, e.name, e.message, e.code, e.cause.message, Object.keys(e)]", in)
	if err != nil {
		t.Fatal(err)
	}
	want := message.NewArray(true, "TypeError", "bad", "E1", "why", message.NewArray("code"))
	if diff := same(want, v); diff != "" {
		t.Error(diff)
	}
	v, err = eval(t, vm, "Object.assign(new RangeError('r', {cause: 5}), {code: 7})")
	e, ok := v.(*message.Object)
	if err != nil || !ok || e.Class() != "Error" || e.Text("name") != "RangeError" || e.Get("cause") != 5.0 || e.Get("code") != 7.0 {
		t.Errorf("%v, %v", v, err)
	}
	if stack := e.Text("stack"); !strings.HasPrefix(stack, "RangeError: r\n    at ") {
		t.Errorf("stack %q", stack)
	}
}

func TestValuesThatLeave(t *testing.T) {
	vm := newVM(t, Options{})
	for _, tc := range []struct {
		code string
		want message.Value
	}{
		{"new Number(5)", 5.0},
		{"new String('x')", "x"},
		{"new Boolean(false)", false},
		{"'a'.repeat(3) + 'b'", "aaab"},
		{"'\\ud800x'", "\uFFFDx"},
		{"new Uint8Array([1,2,3]).subarray(1)", message.Buffer("\x02\x03")},
		{"new Uint8Array([104,105]).buffer", message.Buffer("hi")},
		{"new Float32Array([1.5,2])", message.NewArray(1.5, 2.0)},
		{"[1,,3]", message.NewArray(1.0, nil, 3.0)},
		{"new Proxy({a:1}, {})", message.NewObject("a", 1.0)},
		{"new Proxy([1,2], {})", message.NewArray(1.0, 2.0)},
		{"Object.create({inherited: 1}, {own: {value: 2, enumerable: true}, hidden: {value: 3}})", message.NewObject("own", 2.0)},
		{"({get a() { return 5 }})", message.NewObject("a", 5.0)},
		{"Object.assign(Object.create(null), {a: 1})", message.NewObject("a", 1.0)},
		{"(() => { const s = {x: 1}; return [s, s] })()", message.NewArray(message.NewObject("x", 1.0), message.NewObject("x", 1.0))},
		{"Symbol('s')", nil},
		{"(function () { return arguments })(1, 2)", message.NewObject("0", 1.0, "1", 2.0)},
		{"new (class Point { x = 1 })", message.NewObject("x", 1.0)},
	} {
		got, err := eval(t, vm, tc.code)
		if err != nil {
			t.Errorf("%s: %v", tc.code, err)
			continue
		}
		if diff := same(tc.want, got); diff != "" {
			t.Errorf("%s:\n%s", tc.code, diff)
		}
	}
	for code, class := range map[string]string{"() => 1": "function", "Promise.resolve()": "Promise", "new WeakMap()": "WeakMap", "Math.max": "function"} {
		v, err := eval(t, vm, code)
		if o, ok := v.(*message.Object); !ok || o.Class() != class || err != nil {
			t.Errorf("%s: %v, %v", code, v, err)
		}
	}
}

func TestValuesThatCantLeave(t *testing.T) {
	vm := newVM(t, Options{})
	for code, key := range map[string]string{
		"(() => { const a = {b: [{}]}; a.b[0].c = a; return a })()":                 "js.circular",
		"(() => { let a = []; for (let i = 0; i < 600; i++) a = [a]; return a })()": "js.too_deep",
		"new Array(3e6).fill(0)": "js.too_big",
		"(() => { let a = 1; for (let i = 0; i < 40; i++) a = [a, a]; return a })()": "js.too_big",
		"({length: 5, get x() { throw new Error('no') }})":                           "",
		"new Proxy({}, {ownKeys() { throw new Error('no') }})":                       "",
	} {
		_, err := eval(t, vm, code)
		switch {
		case key != "" && !locale.HasKey(err, key):
			t.Errorf("%s: %v", code, err)
		case key == "" && (err == nil || err.Error() != "Error: no"):
			t.Errorf("%s: %v", code, err)
		}
	}
	if v, err := eval(t, vm, "1 + 1"); v != 2.0 || err != nil {
		t.Errorf("the VM is spoilt: %v, %v", v, err)
	}
	_, err := eval(t, vm, "(() => { const a = {b: [{}]}; a.b[0].c = a; return a })()")
	if got := locale.EN.Err(err); !strings.Contains(got, "at b.c ") && !strings.Contains(got, "b.0.c") {
		t.Errorf("the path is missing: %s", got)
	}
}

func TestDeepValuesCantEnter(t *testing.T) {
	vm := newVM(t, Options{})
	var v message.Value = 1.0
	for range maxDepth + 10 {
		v = message.NewArray(v)
	}
	if _, err := vm.ToJS(v); !locale.HasKey(err, "js.too_deep") {
		t.Errorf("error %v", err)
	}
}

func TestTimeLimit(t *testing.T) {
	vm := newVM(t, Options{Time: 20 * time.Millisecond})
	for _, code := range []string{"(() => { for (;;); })()", "/(a+)+$/.test('a'.repeat(40) + 'b')", "({get x() { for (;;); }})", "[3,2,1].sort(() => { for (;;); })"} {
		if _, err := eval(t, vm, code); !locale.HasKey(err, "js.timeout") {
			t.Errorf("%s: %v", code, err)
		}
	}
	time.Sleep(30 * time.Millisecond) // an old deadline must not hit later calls
	for range 2000 {
		if _, err := call(t, vm, "b => b", message.Buffer("x")); err != nil {
			t.Fatal(err)
		}
	}
}

func TestMemoryLimit(t *testing.T) {
	vm := newVM(t, Options{Memory: 8 << 20})
	for _, code := range []string{"'x'.repeat(1e9)", "new Array(1e7).fill('x')", "Buffer.alloc(1e8)", "(() => { let a = []; for (;;) a.push({}) })()"} {
		if _, err := eval(t, vm, code); err == nil {
			t.Errorf("%s: no error", code)
		}
	}
	if _, err := vm.ToJS(strings.Repeat("x", 9<<20)); err == nil {
		t.Error("a value that is too big came in")
	}
	if v, err := eval(t, vm, "'still ' + 'here'"); v != "still here" || err != nil {
		t.Errorf("%v, %v", v, err)
	}
}

func TestInterruptByContext(t *testing.T) {
	vm := newVM(t, Options{})
	ctx, cancel := context.WithCancel(t.Context())
	defer context.AfterFunc(ctx, vm.Interrupt)()
	time.AfterFunc(20*time.Millisecond, cancel)
	if _, err := eval(t, vm, "(() => { for (;;); })()"); !locale.HasKey(err, "js.interrupted") {
		t.Errorf("error %v", err)
	}
}

func TestHostFunctions(t *testing.T) {
	var vm *VM
	vm = newVM(t, Options{Host: func(op string, args []Value) (message.Value, error) {
		switch op {
		case "echo":
			return vm.FromJS(args[0])
		case "fail":
			return nil, locale.Errorf("js.interrupted")
		case "throw":
			return nil, Thrown{message.NewObject("a", 1.0)}
		}
		panic("host panic")
	}})
	run := func(code string) (message.Value, error) {
		s, err := Compile("t", "(function(host){ return "+code+" })")
		if err != nil {
			t.Fatal(err)
		}
		f, _ := vm.Load(s)
		defer f.Free()
		v, err := vm.Call(f, vm.Host())
		if err != nil {
			return nil, err
		}
		defer v.Free()
		return vm.FromJS(v)
	}
	if v, err := run("host('echo', {a: [1]}).a[0]"); v != 1.0 || err != nil {
		t.Errorf("%v, %v", v, err)
	}
	if v, err := run("(() => { try { host('fail') } catch (e) { return e instanceof Error && e.message } })()"); v == nil || err != nil {
		t.Errorf("%v, %v", v, err)
	}
	if v, err := run("(() => { try { host('throw') } catch (e) { return e.a } })()"); v != 1.0 || err != nil {
		t.Errorf("%v, %v", v, err)
	}
	func() {
		defer func() {
			if p := recover(); p != "host panic" {
				t.Errorf("recovered %v", p)
			}
		}()
		_, err := run("(() => { try { host('boom') } catch { } finally { } return 1 })()")
		t.Errorf("the panic was swallowed: %v", err)
	}()
	if v, err := run("2"); v != 2.0 || err != nil {
		t.Errorf("after a panic: %v, %v", v, err)
	}
}

func TestHandles(t *testing.T) {
	vm := newVM(t, Options{})
	h := &message.Handle{Class: "ServerResponse", Ref: 1}
	for _, code := range []string{"h => h", "h => ({...{h}}).h", "h => structuredClone({h}).h"} {
		if v, err := call(t, vm, code, h); v != h || err != nil {
			t.Errorf("%s: %v, %v", code, v, err)
		}
	}
	if v, err := call(t, vm, "h => [h.anything, Object.keys(h).length, JSON.stringify(h)]", h); same(message.NewArray(nil, 0.0, "{}"), v) != "" || err != nil {
		t.Errorf("%v, %v", v, err)
	}
}

func TestHandlesAreReleased(t *testing.T) {
	vm := newVM(t, Options{})
	count := func() int { held.Lock(); defer held.Unlock(); return len(held.by) }
	before := count()
	for range 100 {
		if _, err := call(t, vm, "h => 1", &message.Handle{}); err != nil {
			t.Fatal(err)
		}
	}
	if after := count(); after != before {
		t.Errorf("%d handles are still held", after-before)
	}
}

func TestSyntaxErrors(t *testing.T) {
	_, err := Compile("node x", "(function(){\n let a = ;\n})")
	e, ok := err.(Thrown)
	if !ok || e.Value.(*message.Object).Get("lineNumber") != 2.0 || !strings.HasPrefix(e.Error(), "SyntaxError: ") {
		t.Errorf("error %v", err)
	}
}
