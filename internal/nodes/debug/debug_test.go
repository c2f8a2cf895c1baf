package debug

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"toban/internal/locale"
	"toban/internal/message"
	"toban/internal/node"
	"toban/internal/node/nodetest"
)

func harness(t *testing.T, props string) *nodetest.Harness {
	t.Helper()
	h := nodetest.New(t, nodetest.Registered(t, "debug", Register), parse(t, props))
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

func TestSidebar(t *testing.T) {
	const msg = `{"topic":"t","payload":{"a":[1,2]},"x":"y"}`
	for _, c := range []struct {
		name, props string
		want        []node.Debug
	}{
		{"payload by default", `{}`, []node.Debug{{Topic: "t", Property: "payload", Msg: parse(t, `{"a":[1,2]}`)}}},
		{"payload in old files", `{"complete":"false"}`, []node.Debug{{Topic: "t", Property: "payload", Msg: parse(t, `{"a":[1,2]}`)}}},
		{"all of it", `{"complete":"true"}`, []node.Debug{{Topic: "t", Msg: parse(t, msg)}}},
		{"all of it, as the seed says it", `{"complete":true}`, []node.Debug{{Topic: "t", Msg: parse(t, msg)}}},
		{"a property", `{"complete":"payload.a[1]"}`, []node.Debug{{Topic: "t", Property: "payload.a[1]", Msg: 2.0}}},
		{"a property that isn't there", `{"complete":"no.such"}`, []node.Debug{{Topic: "t", Property: "no.such"}}},
		{"a property that can't be", `{"complete":"a["}`, []node.Debug{{Topic: "t", Property: "a["}}},
		{"an expression", `{"complete":"x & \"!\"","targetType":"jsonata"}`, []node.Debug{{Topic: "t", Msg: "y!"}}},
		{"not active", `{"active":false}`, nil},
		{"not in the sidebar", `{"tosidebar":false}`, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := harness(t, c.props)
			s := h.Receive(parse(t, msg))
			if s.Err != nil || !s.Ended || len(s.Sent) != 0 {
				t.Errorf("step: %+v", s)
			}
			equal := cmp.Comparer(func(a, b *message.Object) bool { return message.Equal(a, b) })
			if diff := cmp.Diff(c.want, h.Env.Debugs, equal); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestButtonSwitchesTheSidebar(t *testing.T) {
	h := harness(t, `{}`)
	for _, active := range []bool{false, true} {
		h.Node.(*Debug).SetActive(active)
		h.Receive(parse(t, `{"payload":1}`))
	}
	if len(h.Env.Debugs) != 1 {
		t.Errorf("%d entries", len(h.Env.Debugs))
	}
}

func TestConsole(t *testing.T) {
	for payload, want := range map[string]string{
		`"text"`: "text", `"two\nlines"`: "\ntwo\nlines", `7`: "7", `{"a":"b"}`: "\n{ a: 'b' }", `null`: "\nnull",
	} {
		h := harness(t, `{"console":"true","active":false}`)
		h.Receive(parse(t, `{"payload":`+payload+`}`))
		if diff := cmp.Diff([]nodetest.LogEntry{{Level: node.Info, What: want}}, h.Env.Logs); diff != "" {
			t.Error(diff)
		}
	}
}

func TestStatus(t *testing.T) {
	grey := func(text string) node.Status { return node.Status{Fill: "grey", Shape: "dot", Text: text} }
	for _, c := range []struct {
		name, props, msg string
		want             node.Status
	}{
		{"what the sidebar shows", `{}`, `{"payload":"hi"}`, grey("hi")},
		{"payload when the sidebar shows all", `{"complete":"true"}`, `{"payload":{"a":1}}`, grey("{ a: 1 }")},
		{"cut off", `{}`, `{"payload":"` + strings.Repeat("当", 33) + `"}`, grey(strings.Repeat("当", 32) + "...")},
		{"a property of its own", `{"statusType":"msg","statusVal":"x"}`, `{"payload":1,"x":2}`, grey("2")},
		{"an expression", `{"statusType":"jsonata","statusVal":"payload + 1"}`, `{"payload":1}`, grey("2")},
		{"a status object", `{}`, `{"payload":{"fill":"green","shape":"ring","text":"ok"}}`, node.Status{Fill: "green", Shape: "ring", Text: "ok"}},
		{"an error", `{}`, `{"payload":1,"error":{"message":"broken"}}`, node.Status{Fill: "red", Shape: "dot", Text: "broken"}},
		{"a status message", `{}`, `{"payload":1,"status":{"fill":"blue","text":"s"}}`, node.Status{Fill: "blue", Shape: "ring", Text: "s"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := harness(t, string(message.AppendJSON(nil, parse(t, c.props).With("tostatus", true))))
			h.Receive(parse(t, c.msg))
			h.Receive(parse(t, c.msg))
			if diff := cmp.Diff([]node.Status{c.want}, h.Env.Statuses); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestOwnStatusIsNotShown(t *testing.T) {
	h := harness(t, `{"tostatus":true}`)
	h.Receive(parse(t, `{"payload":1,"status":{"text":"s","source":{"id":"n1"}}}`))
	if len(h.Env.Debugs)+len(h.Env.Statuses) != 0 {
		t.Errorf("shown: %v %v", h.Env.Debugs, h.Env.Statuses)
	}
}

func TestCounter(t *testing.T) {
	h := harness(t, `{"tostatus":true,"statusType":"counter"}`)
	texts := func() (all []string) {
		for _, s := range h.Env.Statuses {
			all = append(all, s.Text)
		}
		return all
	}
	h.Advance(time.Second)
	h.Receive(parse(t, `{}`))
	for range 5 { // a burst is shown once it is over
		h.Advance(10 * time.Millisecond)
		h.Receive(parse(t, `{}`))
	}
	if diff := cmp.Diff([]string{"0", "1"}, texts()); diff != "" {
		t.Error(diff)
	}
	h.Advance(calm)
	if diff := cmp.Diff([]string{"0", "1", "6"}, texts()); diff != "" {
		t.Error(diff)
	}
}

func TestBadExpressions(t *testing.T) {
	for _, props := range []string{`{"targetType":"jsonata","complete":"("}`, `{"statusType":"jsonata","statusVal":"("}`} {
		h := nodetest.New(t, nodetest.Registered(t, "debug", Register), parse(t, props))
		if !locale.HasKey(h.Err, "debug.invalid-exp") {
			t.Errorf("%s: %v", props, h.Err)
		}
	}
	h := harness(t, `{"targetType":"jsonata","complete":"$number(payload)"}`)
	if s := h.Receive(parse(t, `{"payload":"x"}`)); s.Err != nil || len(h.Env.Logs) != 1 || h.Env.Logs[0].Level != node.Error {
		t.Errorf("an expression that fails: %v, %v", s.Err, h.Env.Logs)
	}
}
