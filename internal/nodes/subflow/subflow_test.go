package subflow

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"toban/internal/message"
	"toban/internal/node"
	"toban/internal/node/nodetest"
)

func TestInstancePassesOn(t *testing.T) {
	h := nodetest.New(t, nodetest.Registered(t, "subflow", Register), message.NewObject())
	msg := message.NewObject("payload", 1.0)
	if out := h.Receive(msg).Out(0); len(out) != 1 || out[0] != msg {
		t.Errorf("sent %v", out)
	}
}

func TestStatusOutput(t *testing.T) {
	obj := message.NewObject
	for _, c := range []struct {
		name string
		msg  *message.Object
		want []node.Status
	}{
		{"a text", obj("payload", "busy"), []node.Status{{Text: "busy"}}},
		{"a status object", obj("payload", obj("fill", "red")), []node.Status{{Value: obj("fill", "red")}}},
		{"an empty object clears", obj("payload", obj()), []node.Status{{Value: obj()}}},
		{"another object", obj("payload", obj("a", 1.0)), []node.Status{{Text: "{ a: 1 }"}}},
		{"something long", obj("payload", message.NewArray(strings.Repeat("x", 40))), []node.Status{{Text: "[ '" + strings.Repeat("x", 29-1) + "x..."}}},
		{"a status message", obj("status", obj("text", "s")), []node.Status{{Value: obj("text", "s")}}},
		{"nothing to show", obj("topic", "t"), nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := nodetest.New(t, nodetest.Registered(t, "subflow-status", Register), obj())
			h.Receive(c.msg)
			equal := cmp.Comparer(func(a, b *message.Object) bool { return message.Equal(a, b) })
			if diff := cmp.Diff(c.want, h.Env.Statuses, equal); diff != "" {
				t.Error(diff)
			}
		})
	}
}
