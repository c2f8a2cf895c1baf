package link

import (
	_ "embed"

	"toban/internal/locale"
	"toban/internal/message"
	"toban/internal/node"
)

//go:embed texts.json
var texts []byte

var _ = locale.Register(texts)

// Register adds the three types to a registry.
func Register(r *node.Registry) {
	r.Add(node.Type{Name: typeIn, New: func() node.Node { return &In{} }})
	r.Add(node.Type{Name: "link out", New: func() node.Node { return &Out{} }})
	r.Add(node.Type{Name: typeCall, New: func() node.Node { return &Call{} }})
}

const (
	typeIn   = "link in"
	typeCall = "link call"
	// A function calls too, with node.linkcall, and knows the same properties.
	typeFunction = "function"

	sourceProperty = "_linkSource" // the stack of calls, as Node-RED names it
	returnProperty = "_linkReturn" // marks a message on its way back to a call
	eventProperty  = "_event"
)

// In is a link in node: where links and calls arrive.
type In struct{}

// Receive passes the message on.
func (*In) Receive(step node.Step, msg *message.Object) error {
	step.Send(node.First(msg))
	return nil
}

var _ node.Receiver = (*In)(nil)
