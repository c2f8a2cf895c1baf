package functionnode

import (
	"toban/internal/message"
	"toban/internal/node"
)

// opStatus is node.status(what): status(what).
func (n *Function) opStatus(a arguments) (message.Value, error) {
	v, err := a.value(0)
	if err != nil {
		return nil, err
	}
	n.status = true
	return nil, n.later(func() error { n.env.Status(statusOf(v)); return nil })
}

// statusOf reads the forms that a status may have: {fill, shape, text}, or a
// text, number or boolean. An object with other properties is kept whole, for
// status nodes.
func statusOf(v message.Value) node.Status {
	switch v := v.(type) {
	case string, float64, bool:
		return node.Status{Text: message.ToString(v)}
	case *message.Object:
		for key, part := range v.All() {
			_, isText := part.(string)
			if !isText || key != "fill" && key != "shape" && key != "text" {
				return node.Status{Fill: v.Text("fill"), Shape: v.Text("shape"), Text: v.Text("text"), Value: v}
			}
		}
		return node.Status{Fill: v.Text("fill"), Shape: v.Text("shape"), Text: v.Text("text")}
	}
	return node.Status{}
}
