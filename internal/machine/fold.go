package machine

import (
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"toban/internal/message"
	"toban/internal/node"
	"toban/internal/store"
)

// History is what the journal says of a run.
type History struct {
	Steps               []*Step // by Seq; a step that no record names is nil
	Channel, Connection string
	Parent              string
	Cancelled           bool

	decoder *message.Decoder
}

// maxSteps bounds what a damaged journal can make us allocate.
const maxSteps = 10_000_000

var errJournal = errors.New("the journal is damaged")

// Fold reads the journal records of one run, oldest first.
func Fold(records []store.Record) (*History, error) {
	h := &History{decoder: message.NewDecoder()}
	for _, rec := range records {
		r := reader{buf: rec.Data, values: h.decoder}
		h.apply(&r)
		if r.err != nil {
			return nil, fmt.Errorf("run %s, record %d: %w", rec.Run, rec.Seq, r.err)
		}
	}
	return h, nil
}

func (h *History) apply(r *reader) {
	if v := r.uint(); r.err == nil && v != journalVersion {
		r.err = fmt.Errorf("%w: version %d", errJournal, v)
		return
	}
	h.Channel, h.Connection, h.Parent = r.text(), r.text(), r.text()
	h.Cancelled = r.bool()
	for range r.uint() {
		if r.err != nil {
			return
		}
		h.step(r)
	}
}

func (h *History) step(r *reader) {
	seq := r.uint()
	if seq > maxSteps {
		r.err = errJournal
	}
	if r.err != nil {
		return
	}
	for uint64(len(h.Steps)) <= seq {
		h.Steps = append(h.Steps, nil)
	}
	s := h.Steps[seq]
	if s == nil {
		s = &Step{Seq: int(seq), inJournal: true}
		h.Steps[seq] = s
	}
	r.step(s)
}

type reader struct {
	buf    []byte
	values *message.Decoder
	err    error
}

func (r *reader) step(s *Step) {
	flags := r.uint()
	s.State = StepState(min(r.uint(), uint64(Previewed)))
	s.Node = r.text()
	s.Parent = int(r.uint()) - 1
	s.Port = int(r.uint())
	s.Order = r.uint()
	s.Attempt = int(r.uint())
	s.QueuedAt, s.StartedAt, s.EndedAt = r.time(), r.time(), r.time()
	s.Caught = flags&flagCaught != 0
	if flags&flagFirst != 0 && flags&flagSource == 0 {
		s.Input = r.object()
	}
	for range r.uint() {
		if r.err != nil {
			return
		}
		s.Outputs = append(s.Outputs, Output{Port: int(r.uint()), Msg: r.object()})
	}
	s.outputs = len(s.Outputs)
	s.Error, s.Code = r.text(), r.text()
	if has := r.uint(); has != 0 {
		s.Preview = node.Preview{Action: r.text(), Target: r.text(), Detail: r.text()}
		s.Policy = node.Policy(r.uint())
		if has == planTrail {
			s.Trail = r.text()
		}
	}
	s.Question, s.Note = r.text(), r.text()
}

func (r *reader) uint() uint64 {
	if r.err != nil {
		return 0
	}
	n, size := binary.Uvarint(r.buf)
	if size <= 0 {
		r.err = errJournal
		return 0
	}
	r.buf = r.buf[size:]
	return n
}

func (r *reader) bool() bool { return r.uint() != 0 }

func (r *reader) text() string {
	n := r.uint()
	if n > uint64(len(r.buf)) {
		r.err = errJournal
	}
	if r.err != nil {
		return ""
	}
	s := string(r.buf[:n])
	r.buf = r.buf[n:]
	return s
}

func (r *reader) time() time.Time {
	if us := r.uint(); us != 0 {
		return time.UnixMicro(int64(us))
	}
	return time.Time{}
}

func (r *reader) value() message.Value {
	if r.err != nil {
		return nil
	}
	v, rest, err := r.values.Decode(r.buf)
	r.buf, r.err = rest, err
	return v
}

func (r *reader) object() *message.Object {
	obj, ok := r.value().(*message.Object)
	if !ok && r.err == nil {
		r.err = errJournal
	}
	return obj
}

func decodeRow(row store.StateRow) (Row, error) {
	r := reader{buf: row.Value, values: message.NewDecoder()}
	if v := r.uint(); r.err == nil && v != journalVersion {
		r.err = errJournal
	}
	out := Row{Node: row.Node, Seq: row.Seq, Due: row.Due, Key: r.text(), Run: r.text(), Step: int(r.uint())}
	out.Value = r.value()
	if r.err != nil {
		return Row{}, fmt.Errorf("state of node %s, row %d: %w", row.Node, row.Seq, r.err)
	}
	return out, nil
}
