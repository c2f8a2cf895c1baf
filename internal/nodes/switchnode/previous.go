package switchnode

import (
	"toban/internal/message"
	"toban/internal/node"
)

// previous is the property of the message before, null at first. It is kept in a
// row, and only if a rule asks for it: a row costs durability.
type previous struct {
	used  bool
	state node.State
	row   node.Row
}

const previousKey = "previous"

func (p *previous) load(state node.State) {
	p.state = state
	p.row = node.Row{Key: previousKey, Value: message.Null{}}
	for _, row := range state.Rows() {
		if row.Key == previousKey {
			p.row = row
		}
	}
}

func (p *previous) value() message.Value { return p.row.Value }

func (p *previous) set(v message.Value) {
	if !p.used || p.row.Seq != 0 && message.StrictEqual(p.row.Value, v) {
		return
	}
	p.row.Value = v
	p.row = p.state.Put(p.row)
}
