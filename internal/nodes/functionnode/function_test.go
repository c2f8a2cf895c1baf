package functionnode

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"toban/internal/message"
	"toban/internal/node/nodetest"
)

// newFunction makes a function node of code and further properties.
func newFunction(t testing.TB, code string, more ...any) *nodetest.Harness {
	t.Helper()
	props := message.NewObject(append([]any{"func", code, "name", "f", "outputs", 2.0}, more...)...)
	h := nodetest.New(t, nodetest.Registered(t, "function", Register), props)
	if h.Err != nil {
		t.Fatal(h.Err)
	}
	return h
}

// show prints values for comparison: JSON, with what JSON lacks spelled out.
func show(v message.Value) string {
	s, _ := message.Stringify(v, 0)
	return s
}

func sentTexts(s *nodetest.Step) []string {
	var out []string
	for _, sent := range s.Sent {
		out = append(out, string(rune('0'+sent.Port))+" "+show(sent.Msg))
	}
	return out
}

func TestWhatIsSent(t *testing.T) {
	for _, tc := range []struct {
		name, code string
		want       []string
	}{
		{"return", "return msg;", []string{`0 {"_msgid":"a1","payload":"p"}`}},
		{"changed", "msg.payload = 1; return msg;", []string{`0 {"_msgid":"a1","payload":1}`}},
		{"new message keeps the id", "return {payload: 2}", []string{`0 {"payload":2,"_msgid":"a1"}`}},
		{"null", "return null", nil},
		{"nothing", "", nil},
		{"two outputs", "return [{x:1},{x:2}]", []string{`0 {"x":1,"_msgid":"a1"}`, `1 {"x":2,"_msgid":"a1"}`}},
		{"several on one output", "return [[{x:1},null,{x:2}],null]", []string{`0 {"x":1,"_msgid":"a1"}`, `0 {"x":2,"_msgid":"a1"}`}},
		{"second output", "return [null, msg]", []string{`1 {"_msgid":"a1","payload":"p"}`}},
		{"send then return", "node.send({x:1}); return {x:2}", []string{`0 {"x":1,"_msgid":"a1"}`, `0 {"x":2,"_msgid":"a1"}`}},
		{"send clones", "node.send(msg); msg.payload = 'changed'", []string{`0 {"_msgid":"a1","payload":"p"}`}},
		{"send by reference", "node.send(msg, false); msg.payload = 'changed'", []string{`0 {"_msgid":"a1","payload":"changed"}`}},
		{"order of sends", "node.send({x:1},false); node.send({x:2}); return {x:3}",
			[]string{`0 {"x":1,"_msgid":"a1"}`, `0 {"x":2,"_msgid":"a1"}`, `0 {"x":3,"_msgid":"a1"}`}},
		{"promise", "return Promise.resolve({x:1})", []string{`0 {"x":1,"_msgid":"a1"}`}},
		{"await", "const x = await Promise.resolve(5); return {x}", []string{`0 {"x":5,"_msgid":"a1"}`}},
		{"node", "return {id: node.id, name: node.name, n: node.outputCount}", []string{`0 {"id":"n1","name":"f","n":2,"_msgid":"a1"}`}},
		{"unbound send", "[{x:1}].forEach(m => { const s = node.send; s(m) })", []string{`0 {"x":1,"_msgid":"a1"}`}},
		{"buffer", "return {b: Buffer.from('aGk=', 'base64').toString('hex')}", []string{`0 {"b":"6869","_msgid":"a1"}`}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			h := newFunction(t, tc.code)
			s := h.Receive(message.NewObject("_msgid", "a1", "payload", "p"))
			if s.Err != nil || !s.Ended {
				t.Fatalf("ended %v, error %v", s.Ended, s.Err)
			}
			if diff := cmp.Diff(tc.want, sentTexts(s)); diff != "" {
				t.Error(diff)
			}
			for _, l := range h.Env.Logs {
				t.Errorf("log: %v", l)
			}
		})
	}
}
