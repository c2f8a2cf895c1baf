package catch

import (
	"toban/internal/message"
	"toban/internal/node"
)

// Catch sends on the messages of failed steps that the engine hands to it.
type Catch struct{}

// Register adds the type to a registry.
func Register(r *node.Registry) {
	r.Add(node.Type{Name: "catch", New: func() node.Node { return &Catch{} }})
}

// Receive passes the message on.
func (*Catch) Receive(step node.Step, msg *message.Object) error {
	step.Send(node.First(msg))
	return nil
}

var _ node.Receiver = (*Catch)(nil)
