package machine

import (
	"cmp"
	"maps"
	"slices"
)

// Absorb takes over everything of another machine whose tabs were joined with
// this one's by a deploy. Neither may have a cut under way.
func (m *Machine) Absorb(other *Machine) {
	for id, r := range other.runs {
		r.Partition = m.Name
		m.runs[id] = r
	}
	m.absorbQueue(other)
	maps.Copy(m.contexts, other.contexts)
	maps.Copy(m.rows, other.rows)
	m.dirtyRuns = append(m.dirtyRuns, other.dirtyRuns...)
	m.histories += other.histories
	m.forgottenRuns += other.forgottenRuns
	maps.Copy(m.dirtyContexts, other.dirtyContexts)
	m.dirtyRows = append(m.dirtyRows, other.dirtyRows...)
	m.questions = append(m.questions, other.questions...)
	m.consumed = append(m.consumed, other.consumed...)
	m.held = append(m.held, other.held...)
	m.ended = append(m.ended, other.ended...)
	m.dropped += other.dropped
}

// absorbQueue merges the two queues by the order in which the deliveries were made.
func (m *Machine) absorbQueue(other *Machine) {
	var all []delivery
	for _, q := range []*queue{&m.queue, &other.queue} {
		for d, ok := q.pop(); ok; d, ok = q.pop() {
			all = append(all, d)
		}
	}
	slices.SortStableFunc(all, func(a, b delivery) int { return cmp.Compare(a.step.Order, b.step.Order) })
	for _, d := range all {
		m.queue.push(d)
	}
	m.order = max(m.order, other.order)
}
