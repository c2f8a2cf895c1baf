package status

import (
	"toban/internal/message"
	"toban/internal/node"
)

// Status sends on the status messages that the engine hands to it.
type Status struct{}

// Register adds the type to a registry.
func Register(r *node.Registry) {
	r.Add(node.Type{Name: "status", New: func() node.Node { return &Status{} }})
}

// Receive passes the message on.
func (*Status) Receive(step node.Step, msg *message.Object) error {
	step.Send(node.First(msg))
	return nil
}

var _ node.Receiver = (*Status)(nil)
