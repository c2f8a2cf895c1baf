package subflow

import (
	"toban/internal/inspect"
	"toban/internal/message"
	"toban/internal/node"
)

// Instance is a subflow instance: its wires lead to what the subflow's input is
// wired to.
type Instance struct{}

// Register adds both types to a registry.
func Register(r *node.Registry) {
	r.Add(node.Type{Name: "subflow", New: func() node.Node { return &Instance{} }})
	r.Add(node.Type{Name: "subflow-status", New: func() node.Node { return &StatusOutput{} }})
}

// Receive passes the message on.
func (*Instance) Receive(step node.Step, msg *message.Object) error {
	step.Send(node.First(msg))
	return nil
}

// StatusOutput is the status output of a subflow: what it receives becomes the
// status of the instance.
type StatusOutput struct{ env node.Env }

// Provision keeps env, whose Status is the instance's.
func (s *StatusOutput) Provision(env node.Env) error {
	s.env = env
	return nil
}

// Receive shows msg.payload (a text, a status object, or anything else as
// util.inspect prints it), or msg.status if there is no payload.
func (s *StatusOutput) Receive(_ node.Step, msg *message.Object) error {
	if payload := msg.Get("payload"); payload != nil {
		s.env.Status(statusOf(payload))
	} else if status := msg.Get("status"); status != nil {
		s.env.Status(node.Status{Value: status})
	}
	return nil
}

// maxText is where Node-RED cuts a value that is shown as a status.
const maxText = 32

func statusOf(payload message.Value) node.Status {
	switch payload := payload.(type) {
	case string:
		return node.Status{Text: payload}
	case *message.Object:
		if payload.Class() == "" && looksLikeStatus(payload) {
			return node.Status{Value: payload}
		}
	}
	text := []rune(inspect.Text(payload, 2))
	if len(text) > maxText {
		return node.Status{Text: string(text[:maxText]) + "..."}
	}
	return node.Status{Text: string(text)}
}

func looksLikeStatus(o *message.Object) bool {
	for _, name := range []string{"text", "fill", "shape"} {
		if _, ok := o.Lookup(name); ok {
			return true
		}
	}
	return o.Len() == 0
}

var (
	_ node.Receiver    = (*Instance)(nil)
	_ node.Provisioner = (*StatusOutput)(nil)
	_ node.Receiver    = (*StatusOutput)(nil)
)
