package change

import (
	"testing"

	"toban/internal/message"
	"toban/internal/node/nodetest"
)

func load(t testing.TB, config string) *nodetest.Harness {
	t.Helper()
	return nodetest.New(t, nodetest.Registered(t, "change", Register), object(t, config))
}

func object(t testing.TB, text string) *message.Object {
	t.Helper()
	v, err := message.ParseJSON(text)
	if err != nil {
		t.Fatal(err)
	}
	return v.(*message.Object)
}

func TestRules(t *testing.T) {
	for _, c := range []struct{ rules, msg, want string }{
		{`[{"t":"set","p":"a","to":"x","tot":"str"}]`, `{}`, `{"a":"x"}`},
		{`[{"t":"set","p":"a","to":"","tot":"str"}]`, `{"a":1}`, `{"a":""}`},
		{`[{"t":"set","p":"a.b[1]","to":"5","tot":"num"}]`, `{}`, `{"a":{"b":[null,5]}}`},
		{`[{"t":"set","p":"a","to":"b.c","tot":"msg","dc":true}]`, `{"b":{"c":[1]}}`, `{"b":{"c":[1]},"a":[1]}`},
		{`[{"t":"set","p":"a","to":"x.y","tot":"msg"}]`, `{"a":1}`, `{"a":1}`},
		{`[{"t":"set","p":"a","to":"none","tot":"msg"}]`, `{"a":1}`, `{}`},
		{`[{"t":"set","p":"a","to":"msg.b"}]`, `{"b":2}`, `{"b":2,"a":2}`},
		{`[{"t":"set","p":"id","to":"$match(payload, /^(i-\\w+)/m).groups[0]\t","tot":"jsonata"}]`, `{"payload":"x\ni-1\n"}`, `{"payload":"x\ni-1\n","id":"i-1"}`},
		{`[{"t":"set","p":"id","to":"nothing","tot":"jsonata"}]`, `{"id":1}`, `{}`},
		{`[{"t":"set","p":"a","to":"{\"x\":1}","tot":"json"},{"t":"delete","p":"b"}]`, `{"b":1}`, `{"a":{"x":1}}`},
		{`[{"t":"change","p":"a","from":"o","fromt":"str","to":"0","tot":"str"}]`, `{"a":"foo"}`, `{"a":"f00"}`},
		{`[{"t":"change","p":"a","from":"(o+)","fromt":"re","to":"<$1>","tot":"str"}]`, `{"a":"foo"}`, `{"a":"f<oo>"}`},
		{`[{"t":"change","p":"a","from":"5","fromt":"num","to":"b","tot":"str"}]`, `{"a":5}`, `{"a":"b"}`},
		{`[{"t":"change","p":"a","from":"true","fromt":"bool","to":"1","tot":"num"}]`, `{"a":true}`, `{"a":1}`},
		{`[{"t":"change","p":"a","from":"x","fromt":"str","to":"true","tot":"bool"}]`, `{"a":"x"}`, `{"a":true}`},
		{`[{"t":"change","p":"a","from":"b","fromt":"msg","to":"!","tot":"str"}]`, `{"a":"a.b","b":"."}`, `{"a":"a!b","b":"."}`},
		{`[{"t":"move","p":"a","to":"b","tot":"msg"}]`, `{"a":1}`, `{"b":1}`},
		{`[{"t":"move","p":"payload","to":"payload.x","tot":"msg"}]`, `{"payload":1}`, `{"payload":{"x":1}}`},
		{`[{"t":"move","p":"payload.x","to":"payload","tot":"msg"}]`, `{"payload":{"x":{"y":1}}}`, `{"payload":{"y":1}}`},
	} {
		h := load(t, `{"rules":`+c.rules+`}`)
		if h.Err != nil {
			t.Errorf("%s: %v", c.rules, h.Err)
			continue
		}
		s := h.Receive(object(t, c.msg))
		if out := s.Out(0); len(out) != 1 || s.Err != nil {
			t.Errorf("%s: sent %v, %v", c.rules, out, s.Err)
		} else if got, _ := message.Stringify(out[0], 0); got != c.want {
			t.Errorf("%s on %s gives %s, want %s", c.rules, c.msg, got, c.want)
		}
	}
}

func TestLegacyProperties(t *testing.T) {
	for _, c := range []struct{ config, want string }{
		{`{"action":"replace","property":"a","from":"","to":"msg.b","reg":false}`, `{"a":"foo","b":"foo"}`},
		{`{"action":"change","property":"b","from":"o+","to":"u","reg":true}`, `{"a":1,"b":"fu"}`},
		{`{"action":"change","property":"b","from":"o","to":"u","reg":false}`, `{"a":1,"b":"fuu"}`},
		{`{"action":"delete","property":"a","from":"","to":"","reg":false}`, `{"b":"foo"}`},
	} {
		s := load(t, c.config).Receive(object(t, `{"a":1,"b":"foo"}`))
		if got, _ := message.Stringify(s.Out(0)[0], 0); got != c.want {
			t.Errorf("%s gives %s, want %s", c.config, got, c.want)
		}
	}
}

func TestContexts(t *testing.T) {
	h := load(t, `{"rules":[{"t":"set","p":"n","pt":"flow","to":"payload","tot":"msg"},{"t":"set","p":"back","to":"n","tot":"flow"},{"t":"move","p":"n","pt":"flow","to":"moved","tot":"global"}]}`)
	s := h.Receive(object(t, `{"payload":7}`))
	if v, _ := h.Env.Context("global").Get("", "moved"); v != 7.0 || s.Out(0)[0].Get("back") != 7.0 {
		t.Errorf("moved %v, message %v", v, s.Out(0)[0].Get("back"))
	}
	if keys, _ := h.Env.Context("flow").Keys(""); len(keys) != 0 {
		t.Errorf("flow context still has %v", keys)
	}
}

func TestErrors(t *testing.T) {
	for _, rules := range []string{
		`[{"t":"set","p":"a","to":"{","tot":"json"}]`, `[{"t":"set","p":"a","to":"1 +","tot":"jsonata"}]`, `[{"t":"change","p":"a","from":"(","fromt":"re","to":"x","tot":"str"}]`,
	} {
		if h := load(t, `{"rules":`+rules+`}`); h.Err == nil {
			t.Errorf("%s was deployed", rules)
		}
	}
	h := load(t, `{"rules":[{"t":"set","p":"a","to":"$error('no')","tot":"jsonata"}]}`)
	if s := h.Receive(object(t, `{}`)); s.Err == nil || len(s.Sent) > 0 {
		t.Errorf("a failing expression must stop the message: %v, %v", s.Err, s.Sent)
	}
	h = load(t, `{"rules":[{"t":"set","p":"a.b","to":"x","tot":"str"}]}`)
	if s := h.Receive(object(t, `{"a":"text"}`)); s.Err != nil || len(s.Sent) != 1 || len(h.Env.Logs) != 1 {
		t.Errorf("a place that can't be written must warn and go on: %v, %v", s.Err, h.Env.Logs)
	}
	h = load(t, `{"rules":[{"t":"set","p":"a..b","to":"x","tot":"str"},{"t":"set","p":"c","to":"x","tot":"str"}]}`)
	if s := h.Receive(object(t, `{}`)); len(h.Env.Logs) != 1 || s.Out(0)[0].Get("c") != "x" {
		t.Errorf("a bad property must be reported and passed over: %v", h.Env.Logs)
	}
}

func BenchmarkChange(b *testing.B) {
	h := load(b, `{"rules":[{"t":"set","p":"instanceId","pt":"msg","to":"payload.id","tot":"msg"}]}`)
	c := h.Node.(*Change)
	msg := object(b, `{"_msgid":"0","topic":"t","payload":{"id":"i-1"}}`)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.rules[0].apply(c, msg); err != nil {
			b.Fatal(err)
		}
	}
}
