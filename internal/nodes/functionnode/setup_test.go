package functionnode

import (
	"testing"

	"toban/internal/message"
	"toban/internal/node/nodetest"
)

// A message that comes between the deploy and the set-up code waits for it.
func TestMessageBeforeTheSetup(t *testing.T) {
	env := nodetest.New(t, nodetest.Registered(t, "function", Register), message.NewObject()).Env
	n := &Function{Func: "msg.x = global.get('x'); return msg", Initialize: "global.set('x', 1)"}
	if err := n.Provision(env); err != nil {
		t.Fatal(err)
	}
	s := &nodetest.Step{Msg: in}
	if err := n.Receive(s, in); err != nil || !s.Deferred {
		t.Fatalf("error %v, deferred %v", err, s.Deferred)
	}
	env.Drain()
	if len(s.Sent) != 1 || s.Sent[0].Msg.Get("x") != 1.0 || !s.Ended || s.Err != nil {
		t.Errorf("sent %v, ended %v, error %v", sentTexts(s), s.Ended, s.Err)
	}
	if err := n.Close(false); err != nil {
		t.Fatal(err)
	}
}
