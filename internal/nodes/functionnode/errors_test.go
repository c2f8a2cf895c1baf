package functionnode

import (
	"errors"
	"strings"
	"testing"
	"time"

	"toban/internal/locale"
	"toban/internal/message"
	"toban/internal/node"
	"toban/internal/node/nodetest"
	"toban/internal/testparts/cputime"
)

var in = message.NewObject("_msgid", "a1", "payload", "p", "topic", "t")

func thrownBy(t *testing.T, err error) message.Value {
	t.Helper()
	thrown, ok := errors.AsType[node.Thrown](err)
	if !ok {
		t.Fatalf("error is %T %v, want node.Thrown", err, err)
	}
	return thrown.Value
}

func TestWhatIsThrown(t *testing.T) {
	for _, tc := range []struct{ name, code, want string }{
		{"error", "throw new Error('boom')", "Error: boom"},
		{"type error", "null.x", "TypeError: cannot read property 'x' of null"},
		{"reference error", "var a = 1;\nretunr", "ReferenceError: ReferenceError: retunr is not defined (line 2, col 1)"},
		{"string", "throw 'small mistake'", "small mistake"},
		{"number", "throw 99", "99"},
		{"object", "throw {a:1}", `{"a":1}`},
		{"rejected", "return Promise.reject(new Error('boom'))", "Error: boom"},
		{"after await", "await null; throw new Error('boom')", "Error: boom"},
		{"callback", "context.get('x','s','no function')", "Error: Callback must be a function"},
		{"circular", "msg.self = msg; node.send(msg)", "Error: the value at self refers back to itself; a message can't hold circular references"},
		{"input listener", "node.on('input', () => {})", "Error: a function can't listen to 'input' events; its code runs for each message anyway"},
		{"memory", "let a = []; for (;;) a.push(new Array(1e6).fill(1))", "InternalError: out of memory"},
		{"recursion", "(function f(){ f() })()", "InternalError: stack overflow"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			h := newFunction(t, tc.code)
			s := h.Receive(in)
			if got := message.ToString(thrownBy(t, s.Err)); got != tc.want {
				t.Errorf("got  %s\nwant %s", got, tc.want)
			}
			if again := newFunction(t, "return msg").Receive(in); again.Err != nil {
				t.Errorf("a later message: %v", again.Err)
			}
		})
	}
}

func TestFailureCarriesTheChangedMessage(t *testing.T) {
	h := newFunction(t, "msg.payload = 'changed'; throw new Error('boom')")
	failure, ok := errors.AsType[*node.Failure](h.Receive(in).Err)
	if !ok {
		t.Fatal("no node.Failure")
	}
	if got := failure.Msg.Get("payload"); got != "changed" {
		t.Errorf("payload %v", got)
	}
	e, _ := failure.Msg.Get("error").(*message.Object)
	if e == nil || e.Text("message") != "boom" || !strings.Contains(e.Text("stack"), "Function node:n1:1:") {
		t.Errorf("msg.error is %v", show(e))
	}
}

func TestEndlessLoopIsStopped(t *testing.T) {
	for _, code := range []string{
		"while (true) {}",
		"await null; while (true) {}",
		"try { while (true) {} } catch (e) { return msg }",
		"for (;;) await null",
		"/(a+)+$/.test('a'.repeat(40) + 'b')",
		"(function f() { Promise.resolve().then(f) })()",
		"return { get x() { while (true) {} } }",
	} {
		t.Run(code, func(t *testing.T) {
			h := newFunction(t, code, "timeout", "0.05")
			began := cputime.Used()
			s := h.Receive(in)
			if got := message.ToString(thrownBy(t, s.Err)); got != "Error: Script execution timed out after 50ms" {
				t.Errorf("error %s", got)
			}
			if took := cputime.Used() - began; took > 5*time.Second {
				t.Errorf("took %v", took)
			}
		})
	}
}

func TestMessagesAfterALoop(t *testing.T) {
	h := newFunction(t, `
		if (msg.loop === 'jobs') { (function f() { Promise.resolve().then(f) })(); return }
		if (msg.loop) while (true) {}
		return msg`, "timeout", 0.05)
	for _, loop := range []string{"yes", "jobs"} {
		if s := h.Receive(in.With("loop", loop)); s.Err == nil {
			t.Fatalf("%s: no error", loop)
		}
		if s := h.Receive(in); s.Err != nil || len(s.Out(0)) != 1 {
			t.Errorf("after %s: error %v, sent %v", loop, s.Err, s.Out(0))
		}
	}
}

func TestErrorsThatDontEndTheStep(t *testing.T) {
	h := newFunction(t, "node.error('first', msg); node.error('only logged'); msg.payload = 2; return msg")
	s := h.Receive(in)
	if len(s.Errors) != 1 || message.ToString(thrownBy(t, s.Errors[0].Err)) != "first" || s.Errors[0].Msg.Get("payload") != "p" {
		t.Errorf("errors %v", s.Errors)
	}
	if len(h.Env.Logs) != 1 || h.Env.Logs[0].What != "only logged" || h.Env.Logs[0].Level != node.Error {
		t.Errorf("logs %v", h.Env.Logs)
	}
	if s.Err != nil || len(s.Out(0)) != 1 {
		t.Errorf("error %v, sent %v", s.Err, s.Out(0))
	}
}

func TestValuesThatAreNoMessages(t *testing.T) {
	for code, kind := range map[string]string{
		"return 'foo'": "string", "return Buffer.from('hello')": "Buffer", "return [[[1,2,3]]]": "Array",
		"return true": "boolean", "return 123": "number", "return () => 1": "function", "node.send([5])": "number",
	} {
		h := newFunction(t, code)
		s := h.Receive(in)
		if len(s.Sent) != 0 || s.Err != nil {
			t.Errorf("%s: sent %v, error %v", code, s.Sent, s.Err)
		}
		err, _ := h.Env.Logs[0].What.(error)
		if len(h.Env.Logs) != 1 || !locale.HasKey(err, "function.error.non-message-returned") || !strings.Contains(err.Error(), "type "+kind+";") {
			t.Errorf("%s: logs %v", code, h.Env.Logs)
		}
	}
}

func TestMistakesShowAtDeploy(t *testing.T) {
	typ := nodetest.Registered(t, "function", Register)
	for _, tc := range []struct {
		props []any
		want  string
	}{
		{[]any{"func", "var a = 1;\nif ("}, "(On Message) doesn't parse, line 3"},
		{[]any{"func", "", "initialize", "return ) 1"}, "(On Start) doesn't parse, line 1"},
		{[]any{"func", "", "finalize", "let a; let a"}, "(On Stop) doesn't parse, line"},
		{[]any{"func", "", "libs", libsOf("flow", "os")}, "can't be called flow"},
		{[]any{"func", "", "libs", libsOf("x", "left-pad")}, "module left-pad can't be loaded"},
		{[]any{"func", "", "libs", libsOf("a-b", "os")}, "can't be called a-b"},
	} {
		h := nodetest.New(t, typ, message.NewObject(tc.props...))
		if h.Err == nil || !strings.Contains(h.Err.Error(), tc.want) {
			t.Errorf("%v: error %v, want %q", tc.props, h.Err, tc.want)
		}
	}
}

func libsOf(name, module string) *message.Array {
	return message.NewArray(message.NewObject("var", name, "module", module))
}

func TestModulesCanBeForbidden(t *testing.T) {
	h := nodetest.New(t, nodetest.Registered(t, "function", Register), message.NewObject("libs", libsOf("os", "os")),
		func(e *nodetest.Env) { e.Settings = map[string]message.Value{"functionExternalModules": false} })
	if !locale.HasKey(h.Err, "function.error.externalModuleNotAllowed") {
		t.Errorf("error %v", h.Err)
	}
}
