package delay

import (
	"slices"

	"toban/internal/message"
	"toban/internal/node"
)

// queue holds messages in the node's state, in an order of its own: a row's
// value is the message and its place.
type queue struct {
	env     node.Env
	entries []entry // as in the state, read when first needed
	read    bool
}

// entry is one held message.
type entry struct {
	row   node.Row
	msg   *message.Object
	place float64
}

// load reads the state anew; rows of cancelled runs are gone from it.
func (q *queue) load() []entry {
	q.read, q.entries = true, nil
	for _, row := range q.env.State().Rows() {
		value, _ := row.Value.(*message.Object)
		if value == nil {
			continue
		}
		msg, _ := value.Get("msg").(*message.Object)
		place, _ := value.Get("place").(float64)
		if msg != nil {
			q.entries = append(q.entries, entry{row, msg, place})
		}
	}
	slices.SortStableFunc(q.entries, func(a, b entry) int {
		switch {
		case a.place < b.place:
			return -1
		case a.place > b.place:
			return 1
		}
		return 0
	})
	return q.entries
}

func (q *queue) all() []entry {
	if !q.read {
		return q.load()
	}
	return q.entries
}

func (q *queue) len() int { return len(q.all()) }

// push adds a message at the end, or at the front.
func (q *queue) push(step node.Step, msg *message.Object, front bool) {
	entries := q.all()
	switch {
	case len(entries) == 0:
		q.entries = []entry{q.put(step, msg, 0)}
	case front:
		q.entries = slices.Insert(entries, 0, q.put(step, msg, entries[0].place-1))
	default:
		q.entries = append(entries, q.put(step, msg, entries[len(entries)-1].place+1))
	}
}

func (q *queue) put(step node.Step, msg *message.Object, place float64) entry {
	row := q.env.State().Put(node.Row{Value: message.NewObject("msg", msg, "place", place), Step: step})
	return entry{row, msg, place}
}

// replace puts another message into the place of entry i, which it gives back.
func (q *queue) replace(i int, step node.Step, msg *message.Object) entry {
	old := q.entries[i]
	q.entries[i] = q.put(step, msg, old.place)
	q.env.State().Delete(old.row.Seq)
	return old
}

// take removes up to n messages from the front. Their steps are the caller's to end.
func (q *queue) take(n int) []entry {
	entries := q.load()
	n = min(n, len(entries))
	taken := entries[:n:n]
	q.entries = slices.Clone(entries[n:])
	for _, e := range taken {
		q.env.State().Delete(e.row.Seq)
	}
	return taken
}

// send lets the message go and ends its step.
func (e entry) send(port int) {
	if e.row.Step == nil { // its run has gone
		return
	}
	e.row.Step.Send(node.Port(port, e.msg))
	e.row.Step.Done()
}

// drop ends the step with nothing sent.
func (e entry) drop() {
	if e.row.Step != nil {
		e.row.Step.Done()
	}
}
