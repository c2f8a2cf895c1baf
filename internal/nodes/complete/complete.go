package complete

import (
	"toban/internal/message"
	"toban/internal/node"
)

// Complete sends on the messages of finished steps that the engine hands to it.
type Complete struct{}

// Register adds the type to a registry.
func Register(r *node.Registry) {
	r.Add(node.Type{Name: "complete", New: func() node.Node { return &Complete{} }})
}

// Receive passes the message on.
func (*Complete) Receive(step node.Step, msg *message.Object) error {
	step.Send(node.First(msg))
	return nil
}

var _ node.Receiver = (*Complete)(nil)
