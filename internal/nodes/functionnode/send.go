package functionnode

import (
	"toban/internal/locale"
	"toban/internal/message"
	"toban/internal/node"
)

// send sends what the code returned or gave to node.send: one message, or an
// array with an entry per output, each a message or an array of them.
func (c *call) send(v message.Value) {
	out := c.n.outputs(v, c.messageID())
	if len(out) == 0 {
		return
	}
	if c.step == nil {
		c.n.env.Emit(out)
		return
	}
	c.step.Send(out)
}

// messageID is the _msgid that everything sent for this message gets.
func (c *call) messageID() message.Value {
	if c.in == nil {
		return message.NewID()
	}
	return c.in.Get("_msgid")
}

// outputs sorts messages to outputs. What is no object is dropped with an error
// in the log, as in Node-RED. The result is empty if nothing is left.
func (n *Function) outputs(v message.Value, id message.Value) node.Outputs {
	ports, isArray := v.(*message.Array)
	if !isArray {
		if message.IsNullish(v) {
			return nil
		}
		ports = message.NewArray(v)
	}
	out := make(node.Outputs, ports.Len())
	count := 0
	for port, entry := range ports.All() {
		if !message.Truthy(entry) {
			continue
		}
		list, isList := entry.(*message.Array)
		if !isList {
			list = message.NewArray(entry)
		}
		for _, item := range list.All() {
			if msg := n.asMessage(item, id); msg != nil {
				out[port] = append(out[port], msg)
				count++
			}
		}
	}
	if count == 0 {
		return nil
	}
	return out
}

func (n *Function) asMessage(v, id message.Value) *message.Object {
	if message.IsNullish(v) {
		return nil
	}
	msg, ok := v.(*message.Object)
	if !ok || msg.Class() == "function" {
		n.env.Log(node.Error, locale.Errorf("function.error.non-message-returned", "type", kind(v)))
		return nil
	}
	if id == nil || message.StrictEqual(msg.Get("_msgid"), id) {
		return msg
	}
	return msg.With("_msgid", id)
}

// kind names the type of a value in an error text.
func kind(v message.Value) string {
	switch v.(type) {
	case message.Buffer:
		return "Buffer"
	case *message.Array:
		return "Array"
	case message.Date:
		return "Date"
	}
	return message.TypeOf(v)
}
