package machine

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"toban/internal/message"
	"toban/internal/node"
	"toban/internal/store"
)

var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

func begin(m *Machine, id string, to ...string) *Run {
	var targets []Target
	for _, n := range to {
		targets = append(targets, Target{Node: n, Msg: message.NewObject("payload", id)})
	}
	return m.Start(store.Run{ID: id, StartedAt: noon}, "source", []Output{{Msg: message.NewObject("payload", id)}}, targets)
}

// log collects what the cuts of a test wrote.
type log struct {
	runs    map[string]store.Run
	journal map[string][]store.Record
	rows    map[[2]any]store.StateRow
	context map[string]store.ContextWrite
}

func newLog() *log {
	return &log{map[string]store.Run{}, map[string][]store.Record{}, map[[2]any]store.StateRow{}, map[string]store.ContextWrite{}}
}

// commit takes a cut, stores it, and gives what it released.
func (l *log) commit(m *Machine) []Release {
	cut := m.Cut()
	if cut == nil {
		return nil
	}
	for _, w := range cut.Runs {
		l.runs[w.ID] = w.Run
		l.journal[w.ID] = append(l.journal[w.ID], store.Record{Run: w.ID, Data: w.Record})
	}
	for _, w := range cut.State {
		delete(l.rows, [2]any{w.Node, w.Seq})
		if !w.Delete {
			l.rows[[2]any{w.Node, w.Seq}] = store.StateRow{Node: w.Node, Seq: w.Seq, Value: w.Value, Due: w.Due}
		}
	}
	for _, w := range cut.Context {
		l.context[w.Owner] = w
	}
	return m.Committed()
}

// restore makes the machine that a new process would have.
func (l *log) restore(t require) (*Machine, Restored) {
	var runs []store.Run
	for _, r := range l.runs {
		if r.EndedAt.IsZero() {
			runs = append(runs, r)
		}
	}
	var contexts []store.ContextWrite
	for _, c := range l.context {
		contexts = append(contexts, c)
	}
	var rows []store.StateRow
	for _, r := range l.rows {
		rows = append(rows, r)
	}
	m := New("p")
	found, err := m.Restore(runs, l.journal, contexts, rows)
	if err != nil {
		t.Fatalf("restore: %v", err)
	}
	return m, found
}

type require interface {
	Fatalf(format string, args ...any)
}

func TestDeliveriesAreBreadthFirst(t *testing.T) {
	m := New("p")
	r := begin(m, "r", "a", "b")
	var order []string
	for {
		_, s, ok := m.Next(noon)
		if !ok {
			break
		}
		order = append(order, s.Node)
		if s.Node == "a" || s.Node == "b" {
			m.Send(r, s, nil, []Target{{Node: s.Node + "1", Msg: s.Input}}, noon)
		}
		m.End(r, s, Done, noon)
	}
	if d := cmp.Diff([]string{"a", "b", "a1", "b1"}, order); d != "" {
		t.Error(d)
	}
	if r.Status != RunDone {
		t.Errorf("status %q", r.Status)
	}
}

// A run that touches nothing needs no cut before it ends, only one for its history.
func TestUntouchedRunIsNotUrgent(t *testing.T) {
	m := New("p")
	r := begin(m, "r", "a")
	_, s, _ := m.Next(noon)
	if !m.Urgent() {
		t.Error("an open run is not stored yet, and nothing is due")
	}
	m.End(r, s, Done, noon)
	if m.Urgent() || !m.Dirty() {
		t.Errorf("urgent %v, dirty %v; want a history that can wait", m.Urgent(), m.Dirty())
	}
}

func TestHistoriesWithoutEffectAreBounded(t *testing.T) {
	m := New("p")
	for range historyLimit + 10 {
		r := begin(m, message.NewID(), "a")
		_, s, _ := m.Next(noon)
		m.End(r, s, Done, noon)
	}
	cut := m.Cut()
	if len(cut.Runs) != historyLimit || m.Dropped() != 10 {
		t.Errorf("%d written, %d dropped", len(cut.Runs), m.Dropped())
	}
}

func TestReservationIsReleasedByItsCutOnly(t *testing.T) {
	m, l := New("p"), newLog()
	r := begin(m, "r", "a")
	_, s, _ := m.Next(noon)
	m.Plan(r, s, &node.Effect{Preview: node.Preview{Action: "stop"}})
	for _, rel := range l.commit(m) {
		if rel.Kind == StartEffect {
			t.Error("an effect started without a reservation")
		}
	}
	m.Reserve(r, s)
	var started []Release
	for _, rel := range l.commit(m) {
		if rel.Kind == StartEffect {
			started = append(started, rel)
		}
	}
	if len(started) != 1 || started[0].Step != s || started[0].Attempt != 1 {
		t.Errorf("released %v", started)
	}
}

func TestRestoreSortsOpenSteps(t *testing.T) {
	m, l := New("p"), newLog()
	r := begin(m, "r", "queued", "running", "sent", "planned", "reserved", "held", "done")
	states := map[string]*Step{}
	for range 7 {
		_, s, _ := m.Next(noon)
		states[s.Node] = s
	}
	m.Requeue(r, states["queued"])
	m.Send(r, states["sent"], []Output{{Msg: states["sent"].Input}}, nil, noon)
	m.Plan(r, states["planned"], &node.Effect{})
	m.Plan(r, states["reserved"], &node.Effect{Preview: node.Preview{Detail: "stop i-1"}, Policy: node.Repeat, Trail: "host 1"})
	m.Reserve(r, states["reserved"])
	m.Hold(r, states["held"])
	m.PutRow(Row{Node: "held", Value: states["held"].Input, Run: "r", Step: states["held"].Seq})
	m.End(r, states["done"], Done, noon)
	l.commit(m)

	m2, found := l.restore(t)
	var again []string
	for {
		_, s, ok := m2.Next(noon)
		if !ok {
			break
		}
		again = append(again, s.Node)
	}
	if d := cmp.Diff([]string{"queued", "running", "planned"}, again); d != "" {
		t.Errorf("delivered again: %s", d)
	}
	if len(found.Reserved) != 1 || found.Reserved[0].Step.Preview.Detail != "stop i-1" || found.Reserved[0].Step.Policy != node.Repeat ||
		found.Reserved[0].Step.Trail != "host 1" {
		t.Errorf("reserved: %v", found.Reserved)
	}
	if len(found.Interrupted) != 1 || found.Interrupted[0].Step.Node != "sent" {
		t.Errorf("interrupted: %v", found.Interrupted)
	}
	if rows := m2.Rows("held"); len(rows) != 1 || rows[0].Run != "r" {
		t.Errorf("rows: %v", rows)
	}
}

// Whatever happens and whenever cuts are taken: what a new process restores
// from the cuts is what the old one had.
func TestRestoreIsWhatWasCut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m, l := New("p"), newLog()
		var held []*Step
		runOf := map[*Step]*Run{}
		n := rapid.IntRange(1, 60).Draw(t, "events")
		for i := range n {
			switch rapid.IntRange(0, 6).Draw(t, "event") {
			case 0:
				begin(m, message.NewID(), "a", "b")
			case 1, 2, 3:
				r, s, ok := m.Next(noon.Add(time.Duration(i) * time.Second))
				if !ok {
					continue
				}
				switch rapid.IntRange(0, 3).Draw(t, "outcome") {
				case 0:
					m.Send(r, s, []Output{{Msg: s.Input}}, []Target{{Node: "c", Msg: s.Input.With("n", float64(i))}}, noon)
					m.End(r, s, Done, noon)
				case 1:
					m.Fail(r, s, "boom", "code", false)
					m.End(r, s, Failed, noon)
				case 2:
					m.Hold(r, s)
					held, runOf[s] = append(held, s), r
				case 3:
					m.SetContext(r, "flow", message.NewObject("n", float64(i)))
					m.End(r, s, Done, noon)
				}
			case 4:
				if len(held) > 0 {
					s := held[0]
					held = held[1:]
					m.Resume(runOf[s], s)
					m.End(runOf[s], s, Done, noon)
				}
			case 5:
				m.PutRow(Row{Node: "x", Key: "k", Value: float64(i)})
			case 6:
				l.commit(m)
			}
		}
		l.commit(m)
		m2, _ := l.restore(t)
		if d := cmp.Diff(open(m), open(m2)); d != "" {
			t.Fatalf("open steps (-was +restored):\n%s", d)
		}
		if d := cmp.Diff(m.Rows("x"), m2.Rows("x")); d != "" {
			t.Fatalf("rows (-was +restored):\n%s", d)
		}
		if !message.Equal(m.Context("flow"), m2.Context("flow")) {
			t.Fatalf("context: %v, %v", m.Context("flow"), m2.Context("flow"))
		}
		if m.Queued() != m2.Queued() {
			t.Fatalf("queued: %d, %d", m.Queued(), m2.Queued())
		}
	})
}

// open lists the open steps of all runs: where, in which state, with what.
func open(m *Machine) map[string][]string {
	all := map[string][]string{}
	for id, r := range m.Runs() {
		for _, s := range r.OpenSteps() {
			text, _ := message.Stringify(s.Input, 0)
			all[id] = append(all[id], s.Node+" "+s.State.String()+" "+text)
		}
	}
	return all
}

// FuzzFold reads journals that a disk made up.
func FuzzFold(f *testing.F) {
	m, l := New("p"), newLog()
	begin(m, "r", "a")
	l.commit(m)
	f.Add(l.journal["r"][0].Data)
	f.Add([]byte{journalVersion, 0, 0, 0, 0, 1})
	f.Fuzz(func(_ *testing.T, data []byte) {
		_, _ = Fold([]store.Record{{Run: "r", Data: data}})
	})
}
