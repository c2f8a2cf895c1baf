package link

import (
	"toban/internal/locale"
	"toban/internal/message"
	"toban/internal/node"
)

// Out is a link out node: it sends messages along its links, or back to the
// link call node from which they came.
type Out struct {
	Mode string `flow:"mode" default:"link"` // link, return

	env node.Env
}

// Provision keeps env.
func (o *Out) Provision(env node.Env) error {
	o.env = env
	return nil
}

// Receive sends msg on or back. A message that no call waits for is dropped
// with a warning.
func (o *Out) Receive(step node.Step, msg *message.Object) error {
	msg = msg.With(eventProperty, "node:"+o.env.ID())
	switch o.Mode {
	case "link", "":
		step.Send(node.First(msg))
	case "return":
		o.giveBack(step, msg)
	}
	return nil
}

func (o *Out) giveBack(step node.Step, msg *message.Object) {
	stack, _ := msg.Get(sourceProperty).(*message.Array)
	if stack == nil || stack.Len() == 0 {
		o.env.Log(node.Warn, locale.Errorf("link.errors.missingReturn"))
		return
	}
	last := stack.Len() - 1
	address, _ := stack.At(last).(*message.Object)
	if typ, _, ok := o.env.Peer(address.Text("node")); !ok || typ != typeCall && typ != typeFunction {
		o.env.Log(node.Warn, locale.Errorf("link.errors.missingReturn"))
		return
	}
	if last == 0 {
		msg = msg.Without(sourceProperty)
	} else {
		msg = msg.With(sourceProperty, stack.Without(last))
	}
	step.SendTo(address.Text("node"), msg.With(returnProperty, address.Text("id")))
}

var (
	_ node.Provisioner = (*Out)(nil)
	_ node.Receiver    = (*Out)(nil)
)
