package functionnode

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"toban/internal/node"
	"toban/internal/node/nodetest"
)

func TestTimeoutsKeepTheStepOpen(t *testing.T) {
	h := newFunction(t, "setTimeout((a) => node.send({a}), 700, 'x'); setTimeout(() => {}, 900)")
	s := h.Receive(in)
	h.Advance(600 * time.Millisecond)
	if s.Ended || len(s.Sent) != 0 {
		t.Fatalf("too early: ended %v, sent %v", s.Ended, s.Sent)
	}
	h.Advance(150 * time.Millisecond)
	if diff := cmp.Diff([]string{`0 {"a":"x","_msgid":"a1"}`}, sentTexts(s)); diff != "" || s.Ended {
		t.Errorf("ended %v %s", s.Ended, diff)
	}
	h.Advance(150 * time.Millisecond)
	if !s.Ended || s.Err != nil {
		t.Errorf("ended %v, error %v", s.Ended, s.Err)
	}
}

func TestClearedTimeoutEndsTheStep(t *testing.T) {
	h := newFunction(t, "const id = setTimeout(() => node.send(msg), 1000); setTimeout(() => clearTimeout(id), 10)")
	s := h.Receive(in)
	h.Advance(20 * time.Millisecond)
	if !s.Ended {
		t.Error("the step is open")
	}
	h.Advance(2 * time.Second)
	if len(s.Sent) != 0 {
		t.Errorf("sent %v", s.Sent)
	}
}

func TestIntervalsDontKeepTheStepOpen(t *testing.T) {
	h := newFunction(t, `
		let n = 0;
		const id = setInterval(() => { node.send({n: ++n}); if (n === 3) clearInterval(id) }, 100)`)
	s := h.Receive(in)
	if !s.Ended {
		t.Error("the step is open")
	}
	h.Advance(time.Second)
	if got := len(s.Sent) + len(h.Env.Emitted); got != 3 {
		t.Errorf("%d messages: %v %v", got, s.Sent, h.Env.Emitted)
	}
}

func TestTimersThatThrow(t *testing.T) {
	h := newFunction(t, "setTimeout(() => { throw new Error('late') }, 10); setInterval(null, 100)")
	s := h.Receive(in)
	h.Advance(50 * time.Millisecond)
	if len(s.Errors) != 1 || s.Errors[0].Err.Error() != "Error: late" || s.Errors[0].Msg.Len() != 0 {
		t.Errorf("errors %v", s.Errors)
	}
	h.Advance(100 * time.Millisecond)
	if len(s.Errors) != 2 {
		t.Errorf("errors %v", s.Errors)
	}
}

func TestPromisesAndTimers(t *testing.T) {
	h := newFunction(t, `
		const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
		await wait(100);
		node.send({at: 1});
		await wait(100);
		return {at: 2}`)
	s := h.Receive(in)
	h.Advance(150 * time.Millisecond)
	if len(s.Sent) != 1 || s.Ended {
		t.Errorf("sent %v, ended %v", s.Sent, s.Ended)
	}
	h.Advance(100 * time.Millisecond)
	if len(s.Sent) != 2 || !s.Ended || s.Err != nil {
		t.Errorf("sent %v, ended %v, error %v", s.Sent, s.Ended, s.Err)
	}
}

func TestLateRejectionFailsTheStep(t *testing.T) {
	h := newFunction(t, "await new Promise((_, reject) => setTimeout(() => reject(new Error('late')), 5))")
	s := h.Receive(in)
	h.Advance(10 * time.Millisecond)
	if !s.Ended || s.Err == nil || s.Err.Error() != "Error: late" {
		t.Errorf("ended %v, error %v", s.Ended, s.Err)
	}
}

func TestCodeThatCallsDone(t *testing.T) {
	h := newFunction(t, "if (msg.wait) setTimeout(() => node.done(), 100); else node.done(); /* node.done() */")
	if s := h.Receive(in); !s.Ended {
		t.Error("the step is open")
	}
	s := h.Receive(in.With("wait", true))
	if s.Ended {
		t.Error("the step ended early")
	}
	h.Advance(time.Second)
	if !s.Ended {
		t.Error("the step is open")
	}
	// A comment doesn't count: the step ends by itself.
	if s := newFunction(t, "// node.done()\nreturn msg").Receive(in); !s.Ended {
		t.Error("the step is open")
	}
}

func TestSetupRunsFirst(t *testing.T) {
	h := newFunction(t, "msg.x = global.get('x'); return msg",
		"initialize", "global.set('x', 1); await new Promise(r => setTimeout(r, 500)); global.set('x', 2); node.send({from: node.name})")
	first, second := h.Receive(in), h.Receive(in)
	if first.Ended || len(first.Sent) != 0 {
		t.Fatalf("the message didn't wait: %v", first.Sent)
	}
	h.Advance(time.Second)
	for _, s := range []*nodetest.Step{first, second, h.Receive(in)} {
		if len(s.Sent) != 1 || s.Sent[0].Msg.Get("x") != 2.0 || !s.Ended {
			t.Errorf("sent %v, ended %v", sentTexts(s), s.Ended)
		}
	}
	if len(h.Env.Emitted) != 1 || h.Env.Emitted[0][0][0].Text("from") != "f" || len(h.Env.Emitted[0][0][0].Text("_msgid")) != 16 {
		t.Errorf("emitted %v", h.Env.Emitted)
	}
}

func TestSetupThatFails(t *testing.T) {
	for _, code := range []string{"throw new Error('no luck')", "await new Promise((_, no) => setTimeout(() => no(new Error('no luck')), 10))"} {
		h := newFunction(t, "return msg", "initialize", code)
		waiting := h.Receive(in)
		h.Advance(time.Second)
		later := h.Receive(in)
		for _, s := range []*nodetest.Step{waiting, later} {
			if s.Err == nil || s.Err.Error() != "the node doesn't take messages because its On Start code failed: Error: no luck" {
				t.Errorf("error %v", s.Err)
			}
		}
		if len(h.Env.Logs) != 1 || h.Env.Logs[0].String() != "Error: no luck" {
			t.Errorf("logs %v", h.Env.Logs)
		}
	}
}

func TestClose(t *testing.T) {
	h := newFunction(t, "node.on('close', () => node.log('closed')); node.status('busy'); setInterval(() => node.send(msg), 100)",
		"finalize", "global.set('bye', node.id); node.send({})")
	h.Receive(in)
	if err := h.Node.(node.Closer).Close(true); err != nil {
		t.Fatal(err)
	}
	h.Advance(time.Second)
	var logs []string
	for _, l := range h.Env.Logs {
		logs = append(logs, l.String())
	}
	if diff := cmp.Diff([]string{"closed", "On Stop code can't send messages"}, logs); diff != "" {
		t.Error(diff)
	}
	if v, _ := h.Env.Context(node.GlobalScope).Get("", "bye"); v != "n1" {
		t.Errorf("the clean-up code didn't run: %v", v)
	}
	if last := h.Env.Statuses[len(h.Env.Statuses)-1]; last != (node.Status{}) || h.Env.Statuses[0].Text != "busy" {
		t.Errorf("statuses %v", h.Env.Statuses)
	}
	if len(h.Env.Emitted) != 0 {
		t.Errorf("the interval went on: %v", h.Env.Emitted)
	}
}

func TestFinalizeWithoutAMessage(t *testing.T) {
	h := newFunction(t, "", "finalize", "global.set('bye', 1)")
	if err := h.Node.(node.Closer).Close(false); err != nil {
		t.Fatal(err)
	}
	if v, _ := h.Env.Context(node.GlobalScope).Get("", "bye"); v != 1.0 {
		t.Errorf("bye is %v", v)
	}
}

func TestStateOfTheVMLasts(t *testing.T) {
	h := newFunction(t, "counter = (typeof counter === 'undefined' ? 0 : counter) + 1; return {counter}")
	h.Receive(in)
	if s := h.Receive(in); s.Sent[0].Msg.Get("counter") != 2.0 {
		t.Errorf("sent %v", sentTexts(s))
	}
}
