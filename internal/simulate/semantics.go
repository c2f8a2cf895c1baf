package simulate

import (
	"context"
	"fmt"

	"toban/internal/flow"
	"toban/internal/machine"
	"toban/internal/message"
	"toban/internal/store"
)

// counting is what one count step sent.
type counting struct {
	tab string
	n   float64
}

// semantics checks that a step did what its type does.
func (c *checker) semantics(n *flow.Node, s *machine.Step) {
	if n.Type == "count" {
		for _, o := range s.Outputs {
			v, _ := o.Msg.Get("n").(float64)
			c.h.counted[c.row.ID] = append(c.h.counted[c.row.ID], counting{n.Flow.ID, v})
		}
	}
	switch n.Type {
	case "act":
		c.acted(s)
	case "ask":
		c.askedFor(s)
	case "throw":
		c.rounds(s)
	}
	if s.State == machine.Interrupted && c.h.lives < 2 && c.h.totals.Deploys == 0 {
		c.wrong("status", s, "nothing interrupted it")
	}
	if s.State != machine.Done || s.Input == nil {
		return
	}
	if want, known := c.outputs(n, s); known && !c.past.Cancelled && !sameOutputs(s.Outputs, want) {
		c.wrong("cut", s, "it sent %s, not %s", describe(s.Outputs), describe(want))
	}
}

// outputs gives what a step of the node sends for its input when all goes well.
func (c *checker) outputs(n *flow.Node, s *machine.Step) (want []machine.Output, known bool) {
	in := s.Input
	one := func(msg *message.Object) []machine.Output { return []machine.Output{{Msg: msg}} }
	switch n.Type {
	case "pass", "catch", "complete", "status", "link in", "link out", "hold", "throw":
		return one(in), true
	case "fan":
		parts := fanned(in)
		return []machine.Output{{Msg: parts[0]}, {Msg: parts[1]}}, true
	case "switch":
		return []machine.Output{{Port: sorted(in), Msg: in}}, true
	case "slow":
		if n.Props.Get("early") == true {
			return []machine.Output{{Msg: in.With("part", "early")}, {Msg: in}}, true
		}
		return one(in), true
	case "act":
		return one(in.With("acted", s.Node)), true
	case "ask":
		return one(in.With("answer", c.answer(s))), true
	case "end":
		return nil, true
	}
	return nil, false
}

func sameOutputs(got, want []machine.Output) bool {
	if len(got) != len(want) {
		return false
	}
	for i := range got {
		if got[i].Port != want[i].Port || !message.Equal(got[i].Msg, want[i].Msg) {
			return false
		}
	}
	return true
}

func describe(out []machine.Output) string {
	text := ""
	for _, o := range out {
		text += fmt.Sprintf(" %d:%s", o.Port, message.AppendJSON(nil, o.Msg))
	}
	return "[" + text + " ]"
}

// answer is what the store says was answered to an ask step.
func (c *checker) answer(s *machine.Step) string {
	q, err := c.h.disk.Question(context.Background(), s.Question)
	if err != nil || q.State != store.Answered {
		c.wrong("P3", s, "it goes on without an answer: %s %v", q.State, err)
		return ""
	}
	return c.h.answerOf(q).Value
}

// askedFor checks that an ask step ended as its question did.
func (c *checker) askedFor(s *machine.Step) {
	if s.Question == "" || s.State != machine.Failed {
		return
	}
	q, err := c.h.disk.Question(context.Background(), s.Question)
	if err != nil {
		c.wrong("P3", s, "its question is lost: %v", err)
		return
	}
	if q.State == store.Answered || q.State == store.Open || (q.State == store.Expired) != (s.Code == "timeout") {
		c.wrong("P3", s, "it failed (%s), its question is %s", s.Error, q.State)
	}
}

// acted checks that nobody guessed how an effect ended: the engine was told by
// the host, or a person decided.
func (c *checker) acted(s *machine.Step) {
	if s.Attempt == 0 || s.State != machine.Done && s.State != machine.Failed {
		return
	}
	told := c.h.hosts.attempt(fmt.Sprintf("%s.%d.%d", c.row.ID, s.Seq, s.Attempt)).told
	if c.h.mood.rehearse || c.h.decided(s) {
		return
	}
	switch {
	case s.State == machine.Done && told != success:
		c.wrong("P4", s, "it counts as done, and nobody knows")
	case s.State == machine.Failed && told != failure && told != absent:
		c.wrong("P4", s, "it counts as failed (%s), and nobody knows", s.Error)
	}
}

// decided reports whether a person, or the deadline of the question to a person,
// said how an effect ended.
func (h *history) decided(s *machine.Step) bool {
	q, err := h.disk.Question(context.Background(), s.Question)
	return err == nil && q.State != store.Open
}

// rounds checks that an error that comes back to the node that it came from is
// stopped, however the node cleans its messages.
func (c *checker) rounds(s *machine.Step) {
	n := 0
	for at := s; at != nil && at.Parent >= 0; at = c.past.Steps[at.Parent] {
		if at.Node == s.Node {
			n++
		}
	}
	if n > 12 {
		c.wrong("liveness", s, "its error has come back to it %d times", n)
	}
}

// pureWalk follows a mail through the part of a flow that touches nothing. "" says
// that there is no other part on its way, and that all of it has been walked.
func (h *history) pureWalk(g *flow.Graph, m *mail) (why string) {
	w := &walk{ends: map[string]int{}}
	src := g.Nodes[m.source]
	if src == nil {
		return "its source is gone"
	}
	w.send(src, 0, message.NewObject("event", m.key))
	for at, n := range w.ends {
		if m.ends[at] < n && w.touches == "" {
			w.touches = fmt.Sprintf("%s got %d of %d messages", at, m.ends[at], n)
		}
	}
	return w.touches
}

type walk struct {
	ends    map[string]int
	touches string
}

func (w *walk) send(from *flow.Node, port int, msg *message.Object) {
	if port < len(from.Wires) {
		for _, to := range from.Wires[port] {
			w.visit(to, msg)
		}
	}
}

func (w *walk) visit(n *flow.Node, msg *message.Object) {
	switch n.Type {
	case "end":
		w.ends[n.ID]++
	case "pass", "link in", "link out":
		w.send(n, 0, msg)
	case "fan":
		w.send(n, 0, msg)
		w.send(n, 0, msg)
	case "switch":
		w.send(n, sorted(msg), msg)
	case "throw":
		if !throws(n.Props.Get("always") == true, msg) {
			w.send(n, 0, msg)
		}
	case "slow": // a deploy may interrupt it
	case "act":
		if n.Props.Get("local") == true {
			w.send(n, 0, msg)
			return
		}
		w.touches = "it goes to " + n.ID
	default:
		w.touches = "it goes to " + n.ID
	}
}
