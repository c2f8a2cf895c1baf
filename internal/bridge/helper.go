package bridge

import (
	"toban/internal/message"
	"toban/internal/node"
)

// helper is the node type that specs put at the ends of a flow: it takes
// messages and does nothing with them. Arrivals are reported by the observer.
type helper struct{ env node.Env }

func helperType() node.Type {
	return node.Type{Name: "helper", New: func() node.Node { return &helper{} }}
}

func (h *helper) Provision(env node.Env) error {
	h.env = env
	return nil
}

func (h *helper) Receive(node.Step, *message.Object) error { return nil }

var (
	_ node.Provisioner = (*helper)(nil)
	_ node.Receiver    = (*helper)(nil)
)
