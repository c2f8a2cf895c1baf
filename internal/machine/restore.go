package machine

import (
	"cmp"
	"fmt"
	"slices"

	"toban/internal/message"
	"toban/internal/store"
)

// Restored is what needs a decision after a restart. Everything else (queued
// deliveries, questions, rows) simply goes on.
type Restored struct {
	// Reserved effects may have happened and were not confirmed.
	Reserved []Open
	// Interrupted steps were in a node's hands and had sent something.
	Interrupted []Open
}

// Open is an open step and its run.
type Open struct {
	Run  *Run
	Step *Step
}

// Restore rebuilds the machine from what its cuts stored: each open run with
// its journal, the contexts and the rows. Steps that were delivered but had
// left no trace are delivered again, as are effects that had no reservation.
func (m *Machine) Restore(runs []store.Run, journal map[string][]store.Record,
	contexts []store.ContextWrite, rows []store.StateRow) (Restored, error) {
	var out Restored
	var again []delivery
	for _, row := range runs {
		r, err := restoreRun(row, journal[row.ID])
		if err != nil {
			return out, err
		}
		m.runs[r.ID] = r
		again = append(again, m.sortOpen(r, &out)...)
	}
	slices.SortFunc(again, func(a, b delivery) int { return cmp.Compare(a.step.Order, b.step.Order) })
	for _, d := range again {
		m.Requeue(d.run, d.step)
	}
	if err := m.restoreContexts(contexts); err != nil {
		return out, err
	}
	return out, m.restoreRows(rows)
}

func restoreRun(row store.Run, records []store.Record) (*Run, error) {
	h, err := Fold(records)
	if err != nil {
		return nil, err
	}
	r := &Run{
		Run: row, Channel: h.Channel, Connection: h.Connection, cancelled: h.Cancelled,
		steps: h.Steps, touched: true, stored: true, encoder: h.decoder.Encoder(),
	}
	r.Parent = h.Parent // the row of an older store doesn't know it
	for i, s := range r.steps {
		if s == nil || !s.State.Open() {
			r.steps[i] = nil
			continue
		}
		r.open++
	}
	return r, nil
}

// sortOpen gives the deliveries to make again and notes what needs a decision.
func (m *Machine) sortOpen(r *Run, out *Restored) (again []delivery) {
	for _, s := range r.OpenSteps() {
		m.order = max(m.order, s.Order+1)
		switch s.State {
		case Queued, Planned:
			again = append(again, delivery{r, s})
		case Running:
			if len(s.Outputs) == 0 {
				again = append(again, delivery{r, s})
			} else {
				out.Interrupted = append(out.Interrupted, Open{r, s})
			}
		case Reserved:
			out.Reserved = append(out.Reserved, Open{r, s})
		}
	}
	return again
}

func (m *Machine) restoreContexts(contexts []store.ContextWrite) error {
	for _, c := range contexts {
		v, _, err := message.NewDecoder().Decode(c.Value)
		if err != nil {
			return fmt.Errorf("context of %s: %w", c.Owner, err)
		}
		if obj, ok := v.(*message.Object); ok {
			m.contexts[c.Owner] = obj
		}
	}
	return nil
}

func (m *Machine) restoreRows(rows []store.StateRow) error {
	for _, stored := range rows {
		row, err := decodeRow(stored)
		if err != nil {
			return err
		}
		m.PutRow(row)
	}
	m.dirtyRows = nil // they come from the store
	return nil
}
