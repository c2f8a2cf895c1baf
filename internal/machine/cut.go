package machine

import (
	"toban/internal/store"
)

// ReleaseKind says what a committed cut sets free.
type ReleaseKind uint8

// The kinds of release.
const (
	StartEffect  ReleaseKind = iota // the reservation is stored: perform it now
	ShowQuestion                    // the question is stored: post its card
	RunStored                       // the run is stored: its event may be acknowledged
)

// Release is one thing that was waiting for a cut.
type Release struct {
	Kind     ReleaseKind
	Run      *Run
	Step     *Step
	Attempt  int
	Question string
}

// Urgent reports whether something waits for a cut: a release, or an open or
// touched run that is not stored yet.
func (m *Machine) Urgent() bool {
	if len(m.held) > 0 || len(m.consumed) > 0 || len(m.dirtyRows) > 0 || len(m.dirtyContexts) > 0 {
		return true
	}
	return len(m.dirtyRuns) > m.idleRuns()
}

func (m *Machine) idleRuns() int { return m.histories + m.forgottenRuns }

// Dirty reports whether a cut would write anything.
func (m *Machine) Dirty() bool { return m.Urgent() || m.histories > 0 }

// CutUnderWay reports whether a cut was taken and neither Committed nor Revert was called.
func (m *Machine) CutUnderWay() bool { return m.underWay }

// Cut gives what changed since the last cut, nil if nothing did. Until
// Committed is called no further cut may be taken; a commit that fails is tried
// again with the same cut.
func (m *Machine) Cut() *store.Cut {
	if !m.Dirty() {
		m.dirtyRuns, m.forgottenRuns = m.dirtyRuns[:0], 0
		return nil
	}
	cut := &store.Cut{Partition: m.Name, Questions: m.questions, Consumed: m.consumed}
	m.questions, m.consumed = nil, nil
	for _, r := range m.dirtyRuns {
		r.dirty = false
		if r.forgotten {
			continue
		}
		r.refresh()
		cut.Runs = append(cut.Runs, store.RunWrite{Run: r.Run, Record: r.record()})
		if !r.stored {
			m.held = append(m.held, Release{Kind: RunStored, Run: r})
		}
	}
	clear(m.dirtyRuns)
	m.dirtyRuns, m.histories, m.forgottenRuns = m.dirtyRuns[:0], 0, 0
	m.cutContexts(cut)
	m.cutRows(cut)
	m.inFlight, m.held, m.underWay = m.held, nil, true
	return cut
}

// Committed says that the cut under way is on stable storage.
func (m *Machine) Committed() []Release {
	released := m.inFlight
	m.inFlight, m.underWay = nil, false
	for _, rel := range released {
		if rel.Kind == RunStored {
			rel.Run.stored = true
		}
	}
	return released
}

func (m *Machine) cutContexts(cut *store.Cut) {
	for owner := range m.dirtyContexts {
		w := store.ContextWrite{Owner: owner}
		if values := m.contexts[owner]; values != nil {
			w.Value = Encode(values)
		}
		cut.Context = append(cut.Context, w)
	}
	clear(m.dirtyContexts)
}

func (m *Machine) cutRows(cut *store.Cut) {
	for _, c := range m.dirtyRows {
		w := store.StateWrite{Node: c.row.Node, Seq: c.row.Seq, Delete: c.delete, Due: c.row.Due}
		if !c.delete {
			w.Value = encodeRow(c.row)
		}
		cut.State = append(cut.State, w)
	}
	m.dirtyRows = nil
}
