package switchnode

import (
	"toban/internal/locale"
	"toban/internal/message"
	"toban/internal/node"
)

// sequence gives the key of the sequence that a message is part of.
func sequence(msg *message.Object) (id string, ok bool) {
	parts, isObject := msg.Get("parts").(*message.Object)
	if !isObject {
		return "", false
	}
	v, hasID := parts.Lookup("id")
	_, hasIndex := parts.Lookup("index")
	return message.ToString(v), hasID && hasIndex
}

// groups are the incomplete sequences; the rows of the state are the truth.
type groups struct {
	state node.State
	held  int
	byID  map[string]*group
}

type group struct {
	rows  []node.Row
	count int // -1 until a message tells it
}

// rowPrefix marks the rows of held messages.
const rowPrefix = "part:"

func (g *groups) load(env node.Env) {
	g.state, g.byID = env.State(), map[string]*group{}
	for _, row := range g.state.Rows() {
		if len(row.Key) >= len(rowPrefix) && row.Key[:len(rowPrefix)] == rowPrefix {
			g.add(row)
		}
	}
}

func (g *groups) add(row node.Row) *group {
	id := row.Key[len(rowPrefix):]
	group := g.byID[id]
	if group == nil {
		group = newGroup()
		g.byID[id] = group
	}
	group.rows = append(group.rows, row)
	g.held++
	if msg, ok := row.Value.(*message.Object); ok {
		if parts, ok := msg.Get("parts").(*message.Object); ok && parts.Get("count") != nil {
			group.count = int(message.ToNumber(parts.Get("count")))
		}
	}
	return group
}

func newGroup() *group { return &group{count: -1} }

// take removes a group and its rows.
func (g *groups) take(id string) []node.Row {
	rows := g.byID[id].rows
	delete(g.byID, id)
	g.held -= len(rows)
	for _, row := range rows {
		g.state.Delete(row.Seq)
	}
	return rows
}

// hold keeps the message until its sequence is complete.
func (s *Switch) hold(step node.Step, msg *message.Object, id string) error {
	row := s.groups.state.Put(node.Row{Key: rowPrefix + id, Value: msg, Step: step})
	group := s.groups.add(row)
	if limit := s.limit(); limit > 0 && s.groups.held > limit {
		s.overflow()
		return nil
	}
	if group.count == len(group.rows) {
		s.release(s.groups.take(id))
	}
	return nil
}

// limit is how many messages all groups together may hold, 0 for any number. The
// setting holds as it is when a message comes.
func (s *Switch) limit() int {
	v := s.env.Setting("nodeMessageBufferMaxLength")
	if v == nil {
		return 0
	}
	return int(message.ToNumber(v))
}

// overflow ends everything that is held with an error.
func (s *Switch) overflow() {
	for id := range s.groups.byID {
		for _, row := range s.groups.take(id) {
			row.Step.Fail(locale.Errorf("switch.errors.too-many"))
		}
	}
}

// release routes the messages of a complete sequence in the order in which they
// came. A message that fails fails alone.
func (s *Switch) release(rows []node.Row) {
	outs := make([]node.Outputs, len(rows))
	errs := make([]error, len(rows))
	for i, row := range rows {
		msg := row.Value.(*message.Object)
		parts := msg.Get("parts").(*message.Object)
		outs[i], errs[i] = s.route(msg.With("parts", parts.With("count", float64(len(rows)))))
	}
	if s.Repair {
		renumber(outs)
	}
	for i, row := range rows {
		if errs[i] != nil {
			row.Step.Fail(errs[i])
			continue
		}
		row.Step.Send(outs[i])
		row.Step.Done()
	}
}

// renumber makes a sequence of its own of what goes to each output.
func renumber(outs []node.Outputs) {
	counts := map[int]int{}
	each(outs, func(port int, _ **message.Object) { counts[port]++ })
	ids, next := map[int]string{}, map[int]int{}
	each(outs, func(port int, msg **message.Object) {
		if ids[port] == "" {
			ids[port] = message.NewID()
		}
		parts := (*msg).Get("parts").(*message.Object)
		parts = parts.With("id", ids[port]).With("index", float64(next[port])).With("count", float64(counts[port]))
		*msg = (*msg).With("parts", parts)
		next[port]++
	})
}

func each(outs []node.Outputs, f func(port int, msg **message.Object)) {
	for _, out := range outs {
		for port := range out {
			for i := range out[port] {
				f(port, &out[port][i])
			}
		}
	}
}
