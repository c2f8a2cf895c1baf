package simulate

import (
	"context"
	"slices"

	"toban/internal/flow"
	"toban/internal/machine"
	"toban/internal/message"
	"toban/internal/store"
)

// checkCuts checks what the disk has once cuts are written: each cut must be one
// consistent state of its partition.
func (h *history) checkCuts(cuts []*store.Cut) {
	for _, c := range cuts {
		for _, q := range c.Questions {
			h.asked = append(h.asked, q.ID)
		}
		for _, w := range c.Runs {
			if !slices.Contains(h.runs, w.ID) {
				h.runs = append(h.runs, w.ID)
			}
			h.checkRun(w.ID)
		}
	}
	h.checkState()
	h.checkContexts()
}

// checkRun folds the journal of a run and compares it with the flow.
func (h *history) checkRun(id string) {
	row, records, err := h.disk.Run(context.Background(), id)
	if err != nil {
		h.violated("P1", "run %s can't be read: %v", id, err)
		return
	}
	past, err := machine.Fold(records)
	if err != nil {
		h.violated("P1", "the journal of %s: %v", id, err)
		return
	}
	c := &checker{h: h, row: row, past: past, graph: h.revision(row.Revision)}
	h.counted[id] = nil
	for seq, s := range past.Steps {
		if s == nil {
			h.violated("cut", "%s: step %d is missing", id, seq)
			return
		}
		c.step(s)
	}
	c.status()
}

func (h *history) revision(hash string) *flow.Graph {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.graphs[hash]
}

// checker compares one run with the flow that it is on.
type checker struct {
	h     *history
	row   store.Run
	past  *machine.History
	graph *flow.Graph
}

func (c *checker) wrong(promise string, s *machine.Step, format string, args ...any) {
	args = append([]any{c.row.ID, s.Seq, s.Node, s.State}, args...)
	c.h.violated(promise, "%s, step %d at %s (%s): "+format, args...)
}

func (c *checker) step(s *machine.Step) {
	n := c.graph.Nodes[s.Node]
	if n == nil {
		c.wrong("cut", s, "the node is not in the run's revision")
		return
	}
	c.wires(n, s)
	c.listeners(n, s)
	c.semantics(n, s)
}

// wires checks that every message that a step sent is on its way to each wire's
// end in the same cut, in order, and nothing else is.
func (c *checker) wires(n *flow.Node, s *machine.Step) {
	var want []machine.Target
	for _, o := range s.Outputs {
		if o.Port < len(n.Wires) {
			for _, to := range n.Wires[o.Port] {
				want = append(want, machine.Target{Node: to.ID, Port: o.Port, Msg: o.Msg})
			}
		}
	}
	for _, child := range c.past.Steps[min(s.Seq+1, len(c.past.Steps)):] {
		if child == nil || child.Parent != s.Seq || child.Port >= direct {
			continue
		}
		i := slices.IndexFunc(want, func(t machine.Target) bool {
			return t.Node == child.Node && t.Port == child.Port && message.Equal(t.Msg, child.Input)
		})
		if i < 0 {
			c.wrong("cut", s, "step %d at %s has a message that was not sent", child.Seq, child.Node)
			return
		}
		want = slices.Delete(want, i, i+1)
	}
	if len(want) > 0 && !c.past.Cancelled {
		c.wrong("cut", s, "the branch to %s is lost", want[0].Node)
	}
}

// direct and above are the ports of deliveries that are no wire's.
const direct = 1000

// listeners checks that the catch and complete nodes have been told.
func (c *checker) listeners(n *flow.Node, s *machine.Step) {
	if s.Caught && c.children(s, n.Catchers) < len(n.Catchers) && !c.past.Cancelled {
		c.wrong("cut", s, "a catch node has not been told")
	}
	ended := s.State == machine.Done || s.State == machine.Previewed
	if ended && s.Input != nil && c.children(s, n.Followers) < len(n.Followers) && !c.past.Cancelled {
		c.wrong("cut", s, "a complete node has not been told")
	}
	if s.State == machine.Failed && s.Error == "" {
		c.wrong("status", s, "it failed without an error")
	}
}

// children counts the steps at nodes that s sent messages to past its wires.
func (c *checker) children(s *machine.Step, nodes []*flow.Node) (n int) {
	for _, child := range c.past.Steps {
		if child != nil && child.Parent == s.Seq && child.Port >= direct &&
			slices.ContainsFunc(nodes, func(to *flow.Node) bool { return to.ID == child.Node }) {
			n++
		}
	}
	return n
}

// status checks the row of the run against its steps.
func (c *checker) status() {
	open, uncaught := 0, false
	for _, s := range c.past.Steps {
		if s.State.Open() {
			open++
		}
		uncaught = uncaught || s.Error != "" && !s.Caught
	}
	ended := !c.row.EndedAt.IsZero()
	if ended != (open == 0) {
		c.h.violated("status", "%s is %s and has %d open steps", c.row.ID, c.row.Status, open)
		return
	}
	if !ended {
		return
	}
	want := machine.RunDone
	switch {
	case c.past.Cancelled:
		want = machine.RunCancelled
	case uncaught:
		want = machine.RunFailed
	}
	if c.row.Status != want {
		c.h.violated("status", "%s ended as %s, its steps say %s", c.row.ID, c.row.Status, want)
	}
}

// checkState rebuilds the machine from the disk as a start would, and checks that
// what nodes hold and the steps whose messages they hold are of one cut.
func (h *history) checkState() {
	snap, err := h.disk.Recover(context.Background(), "")
	if err != nil {
		h.violated("P1", "the state can't be read: %v", err)
		return
	}
	journal := map[string][]store.Record{}
	for _, r := range snap.Records {
		journal[r.Run] = append(journal[r.Run], r)
	}
	m := machine.New("all")
	if _, err := m.Restore(snap.Runs, journal, snap.Context, snap.State); err != nil {
		h.violated("P1", "the state can't be restored: %v", err)
		return
	}
	held := map[*machine.Step]int{}
	for _, row := range m.AllRows() {
		run := m.Run(row.Run)
		if run == nil || run.Step(row.Step) == nil || run.Step(row.Step).State != machine.Held {
			h.violated("cut", "%s holds a message of %s, step %d, which does not wait", row.Node, row.Run, row.Step)
			return
		}
		held[run.Step(row.Step)]++
	}
	for _, row := range snap.Runs {
		h.checkOpen(m.Run(row.ID), held)
	}
}

// checkOpen checks what open steps wait for.
func (h *history) checkOpen(run *machine.Run, held map[*machine.Step]int) {
	for _, s := range run.OpenSteps() {
		switch s.State {
		case machine.Held:
			if held[s] != 1 {
				h.violated("cut", "%s, step %d waits at %s, which holds it %d times", run.ID, s.Seq, s.Node, held[s])
			}
		case machine.Asking, machine.Unknown:
			q, err := h.disk.Question(context.Background(), s.Question)
			if err != nil || q.Consumed || q.Run != run.ID || q.Step != s.Seq {
				h.violated("cut", "%s, step %d waits for a question that is not stored", run.ID, s.Seq)
			}
		}
	}
}

// checkContexts checks that each tab's counter is what the journals say: every
// count step has sent another number, and the context has the last one.
func (h *history) checkContexts() {
	snap, err := h.disk.Recover(context.Background(), "")
	if err != nil {
		h.violated("P1", "the contexts can't be read: %v", err)
		return
	}
	stored := map[string]float64{}
	for _, c := range snap.Context {
		v, err := machine.Decode(c.Value)
		if err != nil {
			h.violated("cut", "the context of %s: %v", c.Owner, err)
			return
		}
		stored[c.Owner], _ = v.(*message.Object).Get("n").(float64)
	}
	for _, tab := range h.plan.tabs {
		var sent []float64
		for _, run := range h.runs {
			for _, c := range h.counted[run] {
				if c.tab == tab {
					sent = append(sent, c.n)
				}
			}
		}
		slices.Sort(sent)
		for i, n := range sent {
			if n != float64(i+1) {
				h.violated("cut", "%s has counted %v", tab, sent)
				return
			}
		}
		if stored[tab] != float64(len(sent)) {
			h.violated("cut", "the context of %s has %v, the journals say %d", tab, stored[tab], len(sent))
		}
	}
}

// storedStep gives a step as the disk has it, nil if it has none.
func (h *history) storedStep(run string, seq int) (*machine.Step, store.Run) {
	row, records, err := h.disk.Run(context.Background(), run)
	if err != nil {
		return nil, row
	}
	past, err := machine.Fold(records)
	if err != nil || seq < 0 || seq >= len(past.Steps) {
		return nil, row
	}
	return past.Steps[seq], row
}
