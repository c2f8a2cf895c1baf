package inject

import (
	"testing"

	"toban/internal/locale"
	"toban/internal/message"
	"toban/internal/node/nodetest"
)

func harness(t *testing.T, props string, options ...nodetest.Option) *nodetest.Harness {
	t.Helper()
	h := nodetest.New(t, nodetest.Registered(t, "inject", Register), parse(t, props), options...)
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

func press(t *testing.T, h *nodetest.Harness, msg string) string {
	t.Helper()
	s := h.Receive(parse(t, msg))
	if s.Err != nil {
		t.Fatal(s.Err)
	}
	out := s.Out(0)
	if len(out) != 1 {
		t.Fatalf("%d messages were sent", len(out))
	}
	return string(message.AppendJSON(nil, out[0]))
}

func TestProperties(t *testing.T) {
	surroundings := func(e *nodetest.Env) {
		e.Vars = map[string]message.Value{"WHO": "当番"}
	}
	for _, c := range []struct{ name, props, msg, want string }{
		{"an old file", `{"payload":"1","payloadType":"num","topic":"t"}`, `{}`, `{"payload":1,"topic":"t"}`},
		{"an old file with values as they are", `{"payload":10,"payloadType":"num","topic":""}`, `{}`, `{"payload":10,"topic":""}`},
		{"values that props leaves out", `{"props":[{"p":"topic","vt":"str"},{"p":"payload"}],"payload":"{\"a\":1}","payloadType":"json","topic":"t"}`,
			`{}`, `{"topic":"t","payload":{"a":1}}`},
		{"all kinds of types", `{"props":[{"p":"s","v":"x","vt":"str"},{"p":"b","v":"true","vt":"bool"},{"p":"bin","v":"[104,105]","vt":"bin"},
			{"p":"e","v":"WHO","vt":"env"},{"p":"e2","v":"${WHO}!","vt":"env"},{"p":"m","v":"s","vt":"msg"},{"p":"j","v":"$uppercase(s)","vt":"jsonata"}]}`,
			`{}`, `{"s":"x","b":true,"bin":{"type":"Buffer","data":[104,105]},"e":"当番","e2":"当番!","m":"x","j":"X"}`},
		{"the time", `{"props":[{"p":"d","v":"","vt":"date"},{"p":"iso","v":"iso","vt":"date"}]}`,
			`{}`, `{"d":1775034000000,"iso":"2026-04-01T09:00:00.000Z"}`},
		{"deep properties", `{"props":[{"p":"a.b[0]","v":"x","vt":"str"}]}`, `{}`, `{"a":{"b":["x"]}}`},
		{"what was sent along stays", `{"props":[{"p":"payload","v":"x","vt":"str"}]}`, `{"payload":"old","more":1}`, `{"payload":"x","more":1}`},
		{"no name and no expression change nothing", `{"props":[{"p":"","v":"x","vt":"str"},{"p":"j","v":"","vt":"jsonata"},7]}`, `{}`, `{}`},
		{"edited before pressing", `{"props":[{"p":"payload","v":"x","vt":"str"}]}`,
			`{"__user_inject_props__":[{"p":"topic","v":"2","vt":"num"}]}`, `{"topic":2}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := press(t, harness(t, c.props, surroundings), c.msg); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestContexts(t *testing.T) {
	h := harness(t, `{"props":[{"p":"f","v":"a.b","vt":"flow"},{"p":"g","v":"x","vt":"global"}]}`)
	if err := h.Env.Context("flow").Set("", "a", message.NewObject("b", 1.0)); err != nil {
		t.Fatal(err)
	}
	if err := h.Env.Context("global").Set("", "x", "y"); err != nil {
		t.Fatal(err)
	}
	if got := press(t, h, `{}`); got != `{"f":1,"g":"y"}` {
		t.Errorf("got %s", got)
	}
}

func TestFailures(t *testing.T) {
	for _, c := range []struct {
		name, props, key string
		reported         int // at deploy
	}{
		{"an expression that doesn't parse", `{"props":[{"p":"a","v":"(","vt":"jsonata"}]}`, "inject.errors.invalid-expr", 1},
		{"an expression that fails", `{"props":[{"p":"a","v":"$number('x')","vt":"jsonata"}]}`, "inject.errors.invalid-expr", 0},
		{"several at once", `{"props":[{"p":"a","v":"(","vt":"jsonata"},{"p":"b","v":"{","vt":"json"}]}`, "inject.failed", 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := harness(t, c.props)
			s := h.Receive(message.NewObject())
			if !locale.HasKey(s.Err, c.key) || len(s.Sent) != 0 {
				t.Errorf("error %v, sent %v", s.Err, s.Sent)
			}
			if len(h.Env.Logs) != c.reported {
				t.Errorf("reported at deploy: %v", h.Env.Logs)
			}
		})
	}
}
