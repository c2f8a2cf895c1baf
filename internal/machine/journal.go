package machine

import (
	"encoding/binary"
	"time"

	"toban/internal/message"
	"toban/internal/node"
)

// A journal record is what changed in one run between two cuts:
//
//	version, channel, connection, parent, cancelled, number of steps, steps
//
// and a step is its whole present state; its input and each output stand only
// in the record that saw them first. Integers are varints, texts are length
// and bytes, times are microseconds since the Unix epoch (0: not yet), values
// are coded by message.Encoder, whose dictionary spans the journal of the run.
const journalVersion = 1

// The flags of a step.
const (
	flagFirst  = 1 << iota // input follows
	flagSource             // there is no input
	flagCaught
)

// What is there of an effect's plan.
const (
	planOnly  = 1 // the preview and the policy
	planTrail = 2 // these and the trail
)

func (r *Run) record() []byte {
	if r.encoder == nil {
		r.encoder = message.NewEncoder()
	}
	w := writer{buf: make([]byte, 0, 256), values: r.encoder}
	w.uint(journalVersion)
	w.text(r.Channel)
	w.text(r.Connection)
	w.text(r.Parent)
	w.bool(r.cancelled)
	w.uint(uint64(len(r.changed)))
	for _, s := range r.changed {
		w.step(s)
		s.dirty = false
		if !s.State.Open() {
			r.steps[s.Seq] = nil // from here on it is history
		}
	}
	clear(r.changed)
	r.changed = r.changed[:0]
	return w.buf
}

type writer struct {
	buf    []byte
	values *message.Encoder
}

func (w *writer) uint(n uint64) { w.buf = binary.AppendUvarint(w.buf, n) }
func (w *writer) text(s string) { w.uint(uint64(len(s))); w.buf = append(w.buf, s...) }
func (w *writer) value(v any)   { w.buf = w.values.Append(w.buf, v) }
func (w *writer) time(t time.Time) {
	if t.IsZero() {
		w.uint(0)
		return
	}
	w.uint(uint64(t.UnixMicro()))
}

func (w *writer) bool(b bool) {
	if b {
		w.uint(1)
		return
	}
	w.uint(0)
}

func (w *writer) step(s *Step) {
	var flags uint64
	if !s.inJournal {
		flags |= flagFirst
	}
	if s.Input == nil {
		flags |= flagSource
	}
	if s.Caught {
		flags |= flagCaught
	}
	w.uint(uint64(s.Seq))
	w.uint(flags)
	w.uint(uint64(s.State))
	w.text(s.Node)
	w.uint(uint64(s.Parent + 1))
	w.uint(uint64(s.Port))
	w.uint(s.Order)
	w.uint(uint64(s.Attempt))
	w.time(s.QueuedAt)
	w.time(s.StartedAt)
	w.time(s.EndedAt)
	if flags&flagFirst != 0 && s.Input != nil {
		w.value(s.Input)
	}
	w.outputs(s)
	w.text(s.Error)
	w.text(s.Code)
	w.preview(s)
	w.text(s.Question)
	w.text(s.Note)
	s.inJournal = true
}

func (w *writer) outputs(s *Step) {
	fresh := s.Outputs[s.outputs:]
	w.uint(uint64(len(fresh)))
	for _, o := range fresh {
		w.uint(uint64(o.Port))
		w.value(o.Msg)
	}
	s.outputs = len(s.Outputs)
}

func (w *writer) preview(s *Step) {
	var has uint64
	switch {
	case s.Trail != "":
		has = planTrail
	case s.Preview != (node.Preview{}) || s.Policy != node.Unknown:
		has = planOnly
	}
	w.uint(has)
	if has == 0 {
		return
	}
	w.text(s.Preview.Action)
	w.text(s.Preview.Target)
	w.text(s.Preview.Detail)
	w.uint(uint64(s.Policy))
	if has == planTrail {
		w.text(s.Trail)
	}
}

func encodeRow(row Row) []byte {
	w := writer{values: message.NewEncoder()}
	w.uint(journalVersion)
	w.text(row.Key)
	w.text(row.Run)
	w.uint(uint64(row.Step))
	w.value(row.Value)
	return w.buf
}
