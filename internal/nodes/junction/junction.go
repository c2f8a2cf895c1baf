package junction

import (
	"toban/internal/message"
	"toban/internal/node"
)

// Junction joins and splits wires.
type Junction struct{}

// Register adds the type to a registry.
func Register(r *node.Registry) {
	r.Add(node.Type{Name: "junction", New: func() node.Node { return &Junction{} }})
}

// Receive passes the message on.
func (*Junction) Receive(step node.Step, msg *message.Object) error {
	step.Send(node.First(msg))
	return nil
}

var _ node.Receiver = (*Junction)(nil)
