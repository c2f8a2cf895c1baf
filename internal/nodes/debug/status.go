package debug

import (
	"strconv"
	"time"

	"toban/internal/inspect"
	"toban/internal/message"
	"toban/internal/node"
)

const (
	statusLength = 32 // characters, as in Node-RED
	// A count that comes within quickly of the one before is shown once there was
	// calm for so long.
	quickly = 100 * time.Millisecond
	calm    = 200 * time.Millisecond
)

// showStatus shows msg under the node.
func (d *Debug) showStatus(msg *message.Object) {
	if d.StatusType == "counter" {
		d.count()
		return
	}
	value := d.mark
	if d.StatusType == "auto" {
		value = d.shown
		if d.whole {
			value = func(msg *message.Object) (message.Value, error) { return msg.Get("payload"), nil }
		}
	}
	v, err := value(msg)
	if err != nil {
		d.env.Log(node.Error, err)
		return
	}
	s := plain(v)
	if d.StatusType == "auto" {
		s = special(msg, s)
	}
	if text := []rune(s.Text); len(text) > statusLength {
		s.Text = string(text[:statusLength]) + "..."
	}
	if s != d.oldStatus {
		d.oldStatus = s
		d.env.Status(s)
	}
}

// plain makes a status of a value; an object that looks like a status is one.
func plain(v message.Value) node.Status {
	switch v := v.(type) {
	case string:
		return node.Status{Fill: "grey", Shape: "dot", Text: v}
	case *message.Object:
		if v.Text("fill") != "" && v.Text("shape") != "" && message.Truthy(v.Get("text")) {
			return node.Status{Fill: v.Text("fill"), Shape: v.Text("shape"), Text: message.ToString(v.Get("text"))}
		}
	}
	return node.Status{Fill: "grey", Shape: "dot", Text: inspect.Text(v, 2)}
}

// special shows errors and statuses as what they are.
func special(msg *message.Object, s node.Status) node.Status {
	if e, ok := msg.Lookup("error"); ok {
		s.Fill = "red"
		obj, _ := e.(*message.Object)
		s.Text = message.ToString(obj.Get("message"))
	}
	if status, ok := msg.Get("status").(*message.Object); ok {
		s.Fill, s.Shape, s.Text = status.Text("fill"), status.Text("shape"), ""
		if s.Fill == "" {
			s.Fill = "grey"
		}
		if s.Shape == "" {
			s.Shape = "ring"
		}
		if text := status.Get("text"); message.Truthy(text) {
			s.Text = message.ToString(text)
		}
	}
	return s
}

func (d *Debug) count() {
	since := d.env.Now().Sub(d.last)
	d.last = d.env.Now()
	d.counter++
	if since > quickly {
		d.showCount()
		return
	}
	if d.cancel != nil {
		d.cancel()
	}
	d.cancel = d.env.After(calm, d.showCount)
}

func (d *Debug) showCount() {
	d.env.Status(node.Status{Fill: "blue", Shape: "ring", Text: strconv.Itoa(d.counter)})
}
