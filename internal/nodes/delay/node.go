package delay

import (
	_ "embed"
	"strconv"

	"toban/internal/locale"
	"toban/internal/message"
	"toban/internal/node"
)

//go:embed texts.json
var texts []byte

var _ = locale.Register(texts)

// mode is what a pauseType does.
type mode interface {
	receive(step node.Step, msg *message.Object)
	// stop ends the mode's timers.
	stop()
}

// Register adds the node type.
func Register(r *node.Registry) {
	r.Add(node.Type{Name: "delay", New: func() node.Node { return &Node{} }})
}

// Provision checks the configuration.
func (n *Node) Provision(env node.Env) error {
	if !(n.Rate > 0) {
		return locale.Errorf("delay.rate", "rate", n.Rate)
	}
	switch n.PauseType {
	case "delay", "delayv", "random":
		n.mode = &hold{Node: n, env: env}
	case "rate":
		n.mode = newRate(n, env)
	case "burst":
		n.mode = newBurst(n, env)
	case "queue", "timed":
		n.mode = newTopics(n, env)
	default:
		return locale.Errorf("delay.pause_type", "type", n.PauseType)
	}
	return nil
}

// Receive holds the message or lets it through.
func (n *Node) Receive(step node.Step, msg *message.Object) error {
	n.mode.receive(step, msg)
	return nil
}

// Wake lets a message go whose time has come.
func (n *Node) Wake(row node.Row) error {
	if h, ok := n.mode.(*hold); ok {
		h.wake(row)
	}
	return nil
}

// Close stops the timers. What is held stays in the node's state.
func (n *Node) Close(bool) error {
	n.mode.stop()
	return nil
}

func has(msg *message.Object, property string) bool {
	_, present := msg.Lookup(property)
	return present
}

// bare reports whether msg has nothing but its id and the given properties:
// then it is a command to the node and no message.
func bare(msg *message.Object, besides ...string) bool {
	for _, property := range append(besides, "_msgid") {
		msg = msg.Without(property)
	}
	return msg.Len() == 0
}

// flushed is how many of n held messages msg.flush lets go.
func flushed(msg *message.Object, n int) int {
	if count, ok := msg.Get("flush").(float64); ok {
		return max(0, int(min(count, float64(n))))
	}
	return n
}

func depth(n int) node.Status {
	return node.Status{Fill: "blue", Shape: "dot", Text: strconv.Itoa(n)}
}

func cleared() node.Status { return node.Status{Fill: "blue", Shape: "ring", Text: "0"} }

var (
	_ node.Provisioner = (*Node)(nil)
	_ node.Receiver    = (*Node)(nil)
	_ node.Waker       = (*Node)(nil)
	_ node.Closer      = (*Node)(nil)
)
