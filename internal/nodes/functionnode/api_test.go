package functionnode

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"toban/internal/message"
	"toban/internal/node"
	"toban/internal/node/nodetest"
)

// TestExpressions evaluates one expression in a function node and compares the JSON of
// its value.
func TestExpressions(t *testing.T) {
	for _, tc := range []struct{ code, want string }{
		{"(context.set('a', 1), context.get('a'))", `1`},
		{"(flow.set('a.b[0].c', 1), flow.get('a'))", `{"b":[{"c":1}]}`},
		{"(global.set(['x','y','z'], [1, 2]), global.get(['x','y','z']))", `[1,2,null]`},
		{"(context.set('k', 1, 'memory1'), [context.keys(), context.keys('memory1')])", `[[],["k"]]`},
		{"(context.flow.set('a', 1), flow.get('a'))", `1`},
		{"(context.global.set('a', 1), global.get('a'))", `1`},
		{"(global.set('a', 1, (err) => global.get('a', (e, v) => { msg.got = v })), msg.got)", `1`},
		{"(global.set(['p','q'],[1,2]), global.get(['p','q'], (e, a, b) => { msg.got = [a, b] }), msg.got)", `[1,2]`},
		{"flow.get('nothing')", ``},
		{"(flow.set('d', new Date(0)), flow.get('d').getTime())", `0`},
		{"env.get('REGION')", `"tokyo"`},
		{"env.get('NOTHING')", ``},
		{"RED.util.getMessageProperty({a:{b:[1,2]}}, 'msg.a.b[1]')", `2`},
		{"RED.util.getMessageProperty({a:{'x y':3}, k:'x y'}, 'a[msg.k]')", `3`},
		{"(m => (RED.util.setMessageProperty(m, 'a.b', 1), m))({})", `{"a":{"b":1}}`},
		{"(m => [RED.util.setMessageProperty(m, 'a.b', 1, false), m])({})", `[false,{}]`},
		{"(m => (RED.util.setMessageProperty(m, 'a[1]', undefined), m))({a:[1,2,3]})", `{"a":[1,3]}`},
		{"RED.util.normalisePropertyExpression('a[\"b c\"].d[0]')", `["a","b c","d",0]`},
		{"RED.util.generateId().length", `16`},
		{"(m => { const c = RED.util.cloneMessage(m); c.a.b = 2; return [m, c] })({a:{b:1}})", `[{"a":{"b":1}},{"a":{"b":2}}]`},
		{"RED.util.compareObjects({a:[1,{b:2}]}, {a:[1,{b:2}]})", `true`},
		{"RED.util.evaluateNodeProperty('payload', 'msg', node, msg)", `"p"`},
		{"RED.util.evaluateNodeProperty('${REGION}-1', 'env', node, msg)", `"tokyo-1"`},
		{"RED.util.ensureString({a:1})", `"{\"a\":1}"`},
		{"util.format('%s is %d %j', 'x', 5, {a:1})", `"x is 5 {\"a\":1}"`},
		{"util.inspect({a:[1,'x',{b:null}]})", `"{ a: [ 1, \"x\", { b: null } ] }"`},
		{"crypto.createHash('sha256').update('abc').digest('hex')", `"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"`},
		{"crypto.createHmac('sha1', 'key').update('a').update('b').digest('base64')", `"1lnIpieF/KDQMpxudn7kgX40Yo0="`},
		{"crypto.randomUUID().length", `36`},
		{"path.join('/a/b', '../c', 'd.txt')", `"/a/c/d.txt"`},
		{"[path.basename('/a/b.txt','.txt'), path.dirname('/a/b'), path.extname('x.tar.gz'), path.resolve('/a','../b')]", `["b","/a",".gz","/b"]`},
		{"qs.parse('a=1&a=2&b=x%20y')", `{"a":["1","2"],"b":"x y"}`},
		{"typeof os.type()", `"string"`},
	} {
		h := nodetest.New(t, nodetest.Registered(t, "function", Register), message.NewObject("func", "return {v: "+tc.code+"}",
			"libs", message.NewArray(message.NewObject("var", "crypto", "module", "crypto"), message.NewObject("var", "os", "module", "node:os"),
				message.NewObject("var", "path", "module", "path"), message.NewObject("var", "qs", "module", "querystring"))),
			func(e *nodetest.Env) { e.Vars = map[string]message.Value{"REGION": "tokyo"} })
		if h.Err != nil {
			t.Fatal(h.Err)
		}
		s := h.Receive(in)
		if s.Err != nil {
			t.Errorf("%s: %v", tc.code, s.Err)
			continue
		}
		if got := show(s.Sent[0].Msg.Get("v")); got != tc.want {
			t.Errorf("%s\ngot  %s\nwant %s", tc.code, got, tc.want)
		}
	}
}

func TestContextErrorsReachTheCode(t *testing.T) {
	h := newFunction(t, "try { flow.set('a..b', 1) } catch (e) { return {caught: e instanceof Error} }")
	if s := h.Receive(in); s.Err != nil || s.Sent[0].Msg.Get("caught") != true {
		t.Errorf("error %v, sent %v", s.Err, sentTexts(s))
	}
}

func TestLogLevels(t *testing.T) {
	h := newFunction(t, "node.log('a'); node.warn({b:1}); node.debug('c'); node.trace('d'); console.log('%s', 'e'); console.error('f')")
	h.Receive(in)
	want := []node.Level{node.Info, node.Warn, node.DebugLevel, node.Trace, node.Info, node.Error}
	for i, l := range h.Env.Logs {
		if l.Level != want[i] {
			t.Errorf("entry %d %v: level %d, want %d", i, l, l.Level, want[i])
		}
	}
	if len(h.Env.Logs) != len(want) {
		t.Errorf("logs %v", h.Env.Logs)
	}
}

func TestStatusForms(t *testing.T) {
	h := newFunction(t, "node.status({fill:'red',shape:'dot',text:'x'}); node.status('y'); node.status(5); node.status({}); node.status({text:'z',n:1})")
	h.Receive(in)
	got := h.Env.Statuses
	want := []node.Status{{Fill: "red", Shape: "dot", Text: "x"}, {Text: "y"}, {Text: "5"}, {}}
	if diff := cmp.Diff(want, got[:4]); diff != "" {
		t.Error(diff)
	}
	if o, _ := got[4].Value.(*message.Object); o == nil || o.Get("n") != 1.0 || got[4].Text != "z" {
		t.Errorf("the object was lost: %+v", got[4])
	}
}

func TestLinkCall(t *testing.T) {
	h := nodetest.New(t, nodetest.Registered(t, "function", Register),
		message.NewObject("func", "const m = await node.linkcall('sub', msg, {timeout: 500}); return m"),
		func(e *nodetest.Env) { e.Siblings = map[string][]node.Peer{"link in": {{ID: "li", Name: "sub"}}} })
	s := h.Receive(in)
	if len(s.Sent) != 1 || s.Sent[0].To != "li" || s.Ended {
		t.Fatalf("sent %v, ended %v", s.Sent, s.Ended)
	}
	stack := s.Sent[0].Msg.Get("_linkSource").(*message.Array)
	id := stack.At(0).(*message.Object).Text("id")
	h.Receive(message.NewObject("payload", "back", "_linkReturn", id))
	if out := s.Out(0); len(out) != 1 || out[0].Text("payload") != "back" || !s.Ended {
		t.Errorf("sent %v, ended %v, error %v", sentTexts(s), s.Ended, s.Err)
	}
	late := h.Receive(in)
	h.Advance(time.Second)
	if late.Err == nil || late.Err.Error() != "Error: timeout" {
		t.Errorf("error %v", late.Err)
	}
}

func TestLinkCallErrors(t *testing.T) {
	peers := map[string][]node.Peer{"link in": {{ID: "a", Name: "twice"}, {ID: "b", Name: "twice"}, {ID: "c", Name: "far", Flow: "f2"}}}
	for code, want := range map[string]string{
		"await node.linkcall('none', msg)":  "Error: target link-in node 'none' not found",
		"await node.linkcall('twice', msg)": "Error: Multiple link-in nodes named 'twice' found",
		"await node.linkcall('', msg)":      "Error: node.linkcall wants the name or id of a link in node",
		"await node.linkcall('far', 5)":     "Error: node.linkcall wants a message object",
	} {
		h := nodetest.New(t, nodetest.Registered(t, "function", Register), message.NewObject("func", code),
			func(e *nodetest.Env) { e.Siblings = peers })
		if s := h.Receive(in); s.Err == nil || s.Err.Error() != want {
			t.Errorf("%s: error %v", code, s.Err)
		}
	}
}

func TestHandlesPassThrough(t *testing.T) {
	res := &message.Handle{Class: "ServerResponse"}
	h := newFunction(t, "const {res} = msg; await null; node.send({res}); return RED.util.cloneMessage(msg)")
	s := h.Receive(in.With("res", res))
	for _, sent := range s.Sent {
		if sent.Msg.Get("res") != res {
			t.Errorf("res is %v", sent.Msg.Get("res"))
		}
	}
	if len(s.Sent) != 2 {
		t.Errorf("sent %v, error %v", s.Sent, s.Err)
	}
}
