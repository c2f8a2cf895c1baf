package engine

import (
	"errors"

	"toban/internal/flow"
	"toban/internal/machine"
	"toban/internal/message"
	"toban/internal/node"
)

// step is node.Step: a machine's step with the node that has it. Handles are
// made anew when needed; all that lasts is in the machine.
type step struct {
	p        *partition
	run      *machine.Run
	s        *machine.Step
	inst     *instance
	flow     *flow.Node // as the run's revision has it
	deferred bool
	quiet    bool // complete nodes are not told
}

// handle gives the handle of a step, nil if its node runs no more.
func (p *partition) handle(run *machine.Run, s *machine.Step) *step {
	rev := p.e.revision(run.Revision)
	if rev == nil {
		return nil
	}
	b := rev.bound[s.Node]
	if b == nil {
		return nil
	}
	return &step{p: p, run: run, s: s, inst: b.inst, flow: b.flow}
}

// Run is the id of the run.
func (h *step) Run() string { return h.run.ID }

// Seq is the number of the step in its run.
func (h *step) Seq() int { return h.s.Seq }

// Rehearsal reports whether the run must not touch the world.
func (h *step) Rehearsal() bool { return h.run.Rehearsal }

// Defer keeps the step open after the node returns.
func (h *step) Defer() { h.deferred = true }

// Quiet ends the step without telling the complete nodes.
func (h *step) Quiet() { h.quiet = true }

// Send sends messages to the wires of the node's outputs: per port, per wire,
// in order, as Node-RED does. Messages without _msgid share one.
func (h *step) Send(out node.Outputs) {
	if h.s.State == machine.Interrupted { // people were told that it goes no further
		return
	}
	if h.run.Ended() || h.run.Cancelled() {
		h.sendLate(out)
		return
	}
	sent, targets := route(h.flow, out)
	if len(sent) > 0 {
		h.p.m.Send(h.run, h.s, sent, targets, h.p.e.cfg.Now())
	}
}

// sendLate begins a new run for what a step sends after its run has ended.
func (h *step) sendLate(out node.Outputs) {
	if !h.run.Cancelled() {
		h.p.emit(h.inst, out, h.run.ID)
	}
}

// SendTo delivers msg straight to a node of the same partition.
func (h *step) SendTo(id string, msg *message.Object) {
	if h.run.Ended() || h.run.Cancelled() {
		return
	}
	msg = withID(msg, "")
	h.p.m.Send(h.run, h.s, nil, []machine.Target{{Node: id, Port: portDirect, Msg: msg}}, h.p.e.cfg.Now())
}

// Error reports an error to the catch nodes without ending the step.
func (h *step) Error(err error, msg *message.Object) {
	h.raise(err, msg)
}

// Done ends the step.
func (h *step) Done() {
	if !h.s.State.Open() {
		return
	}
	h.complete()
	h.p.m.End(h.run, h.s, machine.Done, h.p.e.cfg.Now())
}

// Fail ends the step with an error: to the catch nodes, or to a person when
// the outcome is unknown.
func (h *step) Fail(err error) { h.fail(err, nil) }

// fail is Fail with messages that go out all the same, after the error was reported.
func (h *step) fail(err error, out node.Outputs) {
	if !h.s.State.Open() {
		return
	}
	if errors.Is(err, node.ErrUnknown) && h.s.Attempt > 0 {
		h.askUnknown(err, "")
		return
	}
	h.raise(err, nil)
	h.Send(out)
	h.p.m.End(h.run, h.s, machine.Failed, h.p.e.cfg.Now())
}

// route turns outputs into what is recorded and what is delivered.
func route(n *flow.Node, out node.Outputs) (sent []machine.Output, targets []machine.Target) {
	id := firstID(out)
	for port, msgs := range out {
		first := len(sent)
		for _, msg := range msgs {
			if msg == nil {
				continue
			}
			if id == "" {
				id = message.NewID()
			}
			sent = append(sent, machine.Output{Port: port, Msg: withID(msg, id)})
		}
		if port >= len(n.Wires) {
			continue
		}
		for _, to := range n.Wires[port] {
			for _, o := range sent[first:] {
				targets = append(targets, machine.Target{Node: to.ID, Port: port, Msg: o.Msg})
			}
		}
	}
	return sent, targets
}

func firstID(out node.Outputs) string {
	for _, msgs := range out {
		for _, msg := range msgs {
			if msg != nil {
				if id := msg.Text("_msgid"); id != "" {
					return id
				}
			}
		}
	}
	return ""
}

// The ports of deliveries that are no wire's.
const (
	portDirect   = 1000 + iota // SendTo
	portError                  // to a catch node
	portComplete               // to a complete node
	portStatus                 // to a status node
)

var (
	_ node.Step    = (*step)(nil)
	_ node.Quieter = (*step)(nil)
)
