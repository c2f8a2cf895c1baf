package engine

import (
	"fmt"
	"runtime/debug"

	"toban/internal/locale"
	"toban/internal/machine"
	"toban/internal/message"
)

// deliverOne hands the next message to its node.
func (p *partition) deliverOne() bool {
	run, s, ok := p.m.Next(p.e.cfg.Now())
	if !ok {
		return false
	}
	p.since++
	p.deliver(run, s)
	p.settleEnded()
	return true
}

// deliverUpTo makes at most n deliveries, for callers that want to see them done.
func (p *partition) deliverUpTo(n int) {
	for range n {
		if !p.deliverOne() {
			return
		}
	}
}

func (p *partition) deliver(run *machine.Run, s *machine.Step) {
	h := p.handle(run, s)
	if h == nil {
		p.m.Fail(run, s, p.e.cfg.Lang.Text("engine.node_gone", "node", s.Node), "node_gone", false)
		p.m.End(run, s, machine.Failed, p.e.cfg.Now())
		return
	}
	if run.Steps() > p.e.cfg.MaxSteps {
		p.endLoop(run)
		return
	}
	p.noteLate(h)
	p.e.cfg.Observer.Received(s.Node, s.Input)
	h.enter(func() { h.receive(s.Input) })
}

// endLoop ends a run that goes round and round.
func (p *partition) endLoop(run *machine.Run) {
	err := locale.Errorf("engine.too_many_steps", "run", run.ID, "max", p.e.cfg.MaxSteps, "nodes", p.late.nodes(run.ID))
	p.e.log(levelError, err)
	run.Error = p.e.cfg.Lang.Err(err)
	for _, q := range p.m.Cancel(run, p.e.cfg.Now()) {
		p.e.endQuestion(q)
	}
	for _, s := range run.OpenSteps() {
		if s.State == machine.Running {
			p.m.End(run, s, machine.Cancelled, p.e.cfg.Now())
		}
	}
}

// enter runs f with h as the step in whose hands the loop is. A panic in a
// node's code fails the step; it must not take the server down.
func (h *step) enter(f func()) {
	p := h.p
	outer := p.at.step
	p.at.step = h
	defer func() {
		p.at.step = outer
		if r := recover(); r != nil {
			p.e.cfg.Log.Error("a node panicked", "node", h.s.Node, "type", h.inst.flow.Type,
				"panic", r, "stack", string(debug.Stack()))
			h.Fail(locale.Errorf("engine.panic", "node", h.inst.env.Label(), "what", fmt.Sprint(r)))
		}
	}()
	f()
}

// receive gives the message to the node in the way that its type wants it.
func (h *step) receive(msg *message.Object) {
	inst := h.inst
	switch {
	case inst.broken != nil:
		h.Fail(inst.broken)
	case inst.asker != nil:
		h.ask(msg)
	case inst.planner != nil:
		h.plan(msg)
	case inst.receiver != nil:
		h.settle(inst.receiver.Receive(h, msg))
	default:
		h.Done()
	}
}

// settle ends a step whose node has returned, unless it was deferred.
func (h *step) settle(err error) {
	switch {
	case err != nil:
		h.Fail(err)
	case !h.deferred && h.s.State != machine.Held:
		h.Done()
	}
}
