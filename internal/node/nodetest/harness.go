package nodetest

import (
	"testing"
	"time"

	"toban/internal/message"
	"toban/internal/node"
)

// Harness is one configured node and the engine it sees.
type Harness struct {
	Env  *Env
	Node node.Node
	// Err is what decoding the configuration or Provision returned.
	Err error

	steps int
}

// Option changes the surroundings before the node is provisioned.
type Option func(*Env)

// New makes a node of the type from its properties as they stand in a flow file
// and provisions it. Absent id, type and wires are filled in: "n1", the type's
// name, and two wired outputs. A provision error is in Harness.Err.
func New(t testing.TB, typ node.Type, props *message.Object, options ...Option) *Harness {
	t.Helper()
	env := newEnv(t, typ.Name, props)
	for _, set := range options {
		set(env)
	}
	h := &Harness{Env: env, Node: typ.New()}
	env.wake = h.wake
	if h.Err = node.Decode(env.props, h.Node); h.Err == nil {
		if p, ok := h.Node.(node.Provisioner); ok {
			h.Err = p.Provision(env)
		}
	}
	env.Drain()
	t.Cleanup(func() {
		if c, ok := h.Node.(node.Closer); ok && h.Err == nil {
			_ = c.Close(false)
		}
	})
	return h
}

// Registered gives the type that register adds under the name, for packages
// that export only Register.
func Registered(t testing.TB, name string, register func(*node.Registry)) node.Type {
	t.Helper()
	r := node.NewRegistry()
	register(r)
	typ, ok := r.Lookup(name)
	if !ok {
		t.Fatalf("no node type %q was registered", name)
	}
	return typ
}

// Receive delivers msg to the node and returns the step, which has ended unless
// the node deferred it.
func (h *Harness) Receive(msg *message.Object) *Step {
	h.Env.t.Helper()
	r, ok := h.Node.(node.Receiver)
	if !ok {
		h.Env.t.Fatalf("node type %s is no Receiver", h.Env.typ)
	}
	s := h.step(msg)
	h.close(s, r.Receive(s, msg))
	h.Env.Drain()
	return s
}

// Plan asks a Planner for its effect. The step stays open; perform the effect by
// calling its functions.
func (h *Harness) Plan(msg *message.Object) (*Step, *node.Effect, error) {
	h.Env.t.Helper()
	p, ok := h.Node.(node.Planner)
	if !ok {
		h.Env.t.Fatalf("node type %s is no Planner", h.Env.typ)
	}
	s := h.step(msg)
	effect, err := p.Plan(s, msg)
	h.Env.Drain()
	return s, effect, err
}

// Ask asks an Asker for its question. The step stays open for Answer.
func (h *Harness) Ask(msg *message.Object) (*Step, *node.Question, error) {
	h.Env.t.Helper()
	a, ok := h.Node.(node.Asker)
	if !ok {
		h.Env.t.Fatalf("node type %s is no Asker", h.Env.typ)
	}
	s := h.step(msg)
	q, err := a.Ask(s, msg)
	return s, q, err
}

// Answer gives the answer to the question that s asked.
func (h *Harness) Answer(s *Step, answer node.Answer) {
	h.Env.t.Helper()
	h.close(s, h.Node.(node.Asker).Answered(s, s.Msg, answer))
	h.Env.Drain()
}

// Advance moves the clock by d, running the timers and waking the rows that fall
// due on the way, in order.
func (h *Harness) Advance(d time.Duration) { h.Env.advance(d) }

func (h *Harness) step(msg *message.Object) *Step {
	h.steps++
	return &Step{Msg: msg, seq: h.steps, rehearsal: h.Env.Rehearsal}
}

func (h *Harness) close(s *Step, err error) {
	if s.Deferred && err == nil {
		return
	}
	s.end(err)
}

func (h *Harness) wake(row node.Row) {
	w, ok := h.Node.(node.Waker)
	if !ok {
		h.Env.t.Errorf("a row fell due but node type %s is no Waker", h.Env.typ)
		return
	}
	if err := w.Wake(row); err != nil {
		h.Env.Log(node.Error, err)
	}
}
