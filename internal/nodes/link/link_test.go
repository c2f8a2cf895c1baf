package link

import (
	"strings"
	"testing"
	"time"

	"toban/internal/locale"
	"toban/internal/message"
	"toban/internal/node"
	"toban/internal/node/nodetest"
)

func harness(t *testing.T, typ, props string, options ...nodetest.Option) *nodetest.Harness {
	t.Helper()
	h := nodetest.New(t, nodetest.Registered(t, typ, Register), parse(t, props), options...)
	if h.Err != nil {
		t.Fatal(h.Err)
	}
	return h
}

func parse(t *testing.T, text string) *message.Object {
	t.Helper()
	v, err := message.ParseJSON(text)
	if err != nil {
		t.Fatal(err)
	}
	return v.(*message.Object)
}

func sent(t *testing.T, s *nodetest.Step) nodetest.Sent {
	t.Helper()
	if len(s.Sent) != 1 {
		t.Fatalf("%d messages were sent", len(s.Sent))
	}
	return s.Sent[0]
}

func show(m *message.Object) string { return string(message.AppendJSON(nil, m)) }

func links(e *nodetest.Env) {
	e.PeerTypes = map[string][2]string{"in": {"link in", "f1"}, "call": {"link call", "f1"}, "x": {"debug", "f1"}}
}

func TestInPassesOn(t *testing.T) {
	s := harness(t, "link in", `{}`).Receive(parse(t, `{"payload":1}`))
	if got := show(sent(t, s).Msg); got != `{"payload":1}` {
		t.Errorf("got %s", got)
	}
}

func TestOut(t *testing.T) {
	for _, c := range []struct{ name, props, msg, to, want, log string }{
		{"along its links", `{"mode":"link"}`, `{"a":1}`, "", `{"a":1,"_event":"node:n1"}`, ""},
		{"old files have no mode", `{}`, `{"a":1}`, "", `{"a":1,"_event":"node:n1"}`, ""},
		{"back to the call", `{"mode":"return"}`, `{"_linkSource":[{"id":"c1","node":"call"}]}`, "call",
			`{"_event":"node:n1","_linkReturn":"c1"}`, ""},
		{"back to the innermost call", `{"mode":"return"}`, `{"_linkSource":[{"id":"c1","node":"far"},{"id":"c2","node":"call"}]}`, "call",
			`{"_linkSource":[{"id":"c1","node":"far"}],"_event":"node:n1","_linkReturn":"c2"}`, ""},
		{"from no call", `{"mode":"return"}`, `{"a":1}`, "", "", "link.errors.missingReturn"},
		{"from a call that is gone", `{"mode":"return"}`, `{"_linkSource":[{"id":"c1","node":"gone"}]}`, "", "", "link.errors.missingReturn"},
		{"a forged address", `{"mode":"return"}`, `{"_linkSource":[{"id":"c1","node":"x"}]}`, "", "", "link.errors.missingReturn"},
		{"nonsense for an address", `{"mode":"return"}`, `{"_linkSource":["?"]}`, "", "", "link.errors.missingReturn"},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := harness(t, "link out", c.props, links)
			s := h.Receive(parse(t, c.msg))
			if c.log != "" {
				if len(s.Sent) != 0 || len(h.Env.Logs) != 1 || !locale.HasKey(h.Env.Logs[0].What.(error), c.log) {
					t.Errorf("sent %v, logged %v", s.Sent, h.Env.Logs)
				}
				return
			}
			if got := sent(t, s); got.To != c.to || show(got.Msg) != c.want {
				t.Errorf("sent %s to %q", show(got.Msg), got.To)
			}
		})
	}
}

func TestCallWaitsForTheReturn(t *testing.T) {
	h := harness(t, "link call", `{"id":"call","links":["in"]}`, links)
	call := h.Receive(parse(t, `{"payload":1}`))
	out := sent(t, call)
	if out.To != "in" || !call.Deferred || call.Ended {
		t.Fatalf("sent to %q, deferred %v, ended %v", out.To, call.Deferred, call.Ended)
	}
	stack := out.Msg.Get("_linkSource").(*message.Array)
	address := stack.At(stack.Len() - 1).(*message.Object)
	if address.Text("node") != "call" {
		t.Errorf("the address is %s", show(address))
	}

	back := h.Receive(message.NewObject("payload", 2.0, "_linkReturn", address.Get("id")))
	if len(back.Sent) != 0 || !back.Ended {
		t.Errorf("the step of the return sent %v", back.Sent)
	}
	got := call.Out(0)
	if !call.Ended || call.Err != nil || len(got) != 1 || show(got[0]) != `{"payload":2}` {
		t.Errorf("the call sent %v, ended %v, %v", got, call.Ended, call.Err)
	}
	h.Advance(time.Minute)
	if call.Err != nil || len(h.Env.State().Rows()) != 0 {
		t.Error("a call that returned times out")
	}

	again := h.Receive(message.NewObject("_linkReturn", address.Get("id")))
	if len(again.Out(0)) != 1 {
		t.Error("a second return is lost")
	}
}

func TestCallsDoNotMixUp(t *testing.T) {
	h := harness(t, "link call", `{"links":"in"}`, links)
	first, second := h.Receive(parse(t, `{"n":1}`)), h.Receive(parse(t, `{"n":2}`))
	id := sent(t, second).Msg.Get("_linkSource").(*message.Array).At(0).(*message.Object).Get("id")
	h.Receive(message.NewObject("_linkReturn", id))
	if first.Ended || !second.Ended {
		t.Errorf("ended: first %v, second %v", first.Ended, second.Ended)
	}
}

func TestCallTimesOut(t *testing.T) {
	for _, c := range []struct {
		props string
		limit time.Duration
	}{
		{`{"links":["in"]}`, 30 * time.Second},
		{`{"links":["in"],"timeout":"0.5"}`, 500 * time.Millisecond},
		{`{"links":["in"],"timeout":"soon"}`, 30 * time.Second},
		{`{"links":["in"],"timeout":""}`, 30 * time.Second},
		{`{"links":["in"],"timeout":1e300}`, 30 * time.Second},
	} {
		h := harness(t, "link call", c.props, links)
		s := h.Receive(parse(t, `{}`))
		h.Advance(c.limit - time.Millisecond)
		if s.Ended {
			t.Errorf("%s: ended too early", c.props)
		}
		h.Advance(time.Millisecond)
		if !s.Ended || s.Err == nil || s.Err.Error() != "timeout" {
			t.Errorf("%s: ended %v with %v", c.props, s.Ended, s.Err)
		}
	}
}

func TestDynamicTargets(t *testing.T) {
	peers := []node.Peer{
		{ID: "here", Name: "both", Flow: "f1"}, {ID: "there", Name: "both", Flow: "f2"},
		{ID: "far", Name: "far", Flow: "f2"},
		{ID: "twice1", Name: "twice", Flow: "f2"}, {ID: "twice2", Name: "twice", Flow: "f3"},
		{ID: "hidden", Name: "hidden", Flow: "sub", Inside: true},
	}
	for _, c := range []struct{ target, to, fails string }{
		{`"in"`, "in", ""},
		{`"both"`, "here", ""},
		{`"far"`, "far", ""},
		{`"twice"`, "", "Multiple link-in nodes"},
		{`"hidden"`, "", "hidden"},
		{`"x"`, "", "no link in node"},
		{`null`, "", "no link in node"},
		{`3`, "", "“3”"},
	} {
		h := harness(t, "link call", `{"linkType":"dynamic","links":[]}`, links, func(e *nodetest.Env) {
			e.Siblings = map[string][]node.Peer{"link in": peers}
		})
		s := h.Receive(parse(t, `{"target":`+c.target+`}`))
		if c.fails == "" {
			if got := sent(t, s); got.To != c.to {
				t.Errorf("%s goes to %q, want %q", c.target, got.To, c.to)
			}
		} else if s.Err == nil || !strings.Contains(s.Err.Error(), c.fails) || len(h.Env.State().Rows()) != 0 {
			t.Errorf("%s: %v", c.target, s.Err)
		}
	}
}

func TestStaticTargetThatIsGone(t *testing.T) {
	for _, props := range []string{`{"links":["gone"]}`, `{"links":["x"]}`, `{"links":[]}`, `{}`} {
		s := harness(t, "link call", props, links).Receive(parse(t, `{}`))
		if !locale.HasKey(s.Err, "link.target_not_found") {
			t.Errorf("%s: %v", props, s.Err)
		}
	}
}
