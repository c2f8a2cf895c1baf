package engine

import (
	"errors"

	"toban/internal/locale"
	"toban/internal/machine"
	"toban/internal/message"
	"toban/internal/node"
)

const levelError = node.Error

// maxErrorRounds is how often the same node may fail on its own error message
// before the loop is cut, as in Node-RED.
const maxErrorRounds = 10

// raise reports an error: to the catch nodes whose scope has the node, else to
// the log, which also fails the run.
func (h *step) raise(err error, msg *message.Object) {
	if f, ok := errors.AsType[*node.Failure](err); ok && msg == nil {
		msg = f.Msg
	}
	if msg == nil {
		msg = h.s.Input
	}
	p := h.p
	text := p.e.cfg.Lang.Err(err)
	p.e.cfg.Observer.Called(h.s.Node, "error", err)
	count := h.round()
	caught := len(h.flow.Catchers) > 0 && count < maxErrorRounds && !h.run.Cancelled() && !h.run.Ended()
	if count >= maxErrorRounds {
		p.e.logNode(node.Warn, h.inst, locale.Errorf("nodes.flow.error-loop"))
	}
	p.m.Fail(h.run, h.s, text, code(err), caught)
	if !caught {
		p.e.logNode(node.Error, h.inst, err)
		return
	}
	out := withError(msg, h.errorValue(err, text, count))
	var targets []machine.Target
	for _, c := range h.flow.Catchers {
		targets = append(targets, machine.Target{Node: c.ID, Port: portError, Msg: out})
	}
	p.m.Send(h.run, h.s, nil, targets, p.e.cfg.Now())
}

// round counts how often this node has failed on its own error in a row.
func (h *step) round() int {
	if h.s.Input == nil {
		return 1
	}
	last, _ := h.s.Input.Get("error").(*message.Object)
	if last == nil {
		return 1
	}
	source, _ := last.Get("source").(*message.Object)
	if source == nil || source.Text("id") != h.s.Node {
		return 1
	}
	n, _ := source.Get("count").(float64)
	return int(n) + 1
}

// errorValue makes msg.error as Node-RED gives it to catch nodes.
func (h *step) errorValue(err error, text string, count int) *message.Object {
	b := message.NewBuilder(4)
	b.Set("message", text)
	b.Set("source", message.NewObject("id", h.s.Node, "type", h.flow.Type, "name", h.flow.Name,
		"count", float64(count)))
	if thrown, ok := errors.AsType[node.Thrown](err); ok {
		if obj, ok := thrown.Value.(*message.Object); ok {
			for _, key := range []string{"stack", "code", "cause"} {
				if v, present := obj.Lookup(key); present {
					b.Set(key, v)
				}
			}
		}
	}
	if c := code(err); c != "" {
		b.Set("code", c)
	}
	return b.Object()
}

// withError sets msg.error; an error that was there moves to msg._error.
func withError(msg, value *message.Object) *message.Object {
	if msg == nil {
		msg = message.NewObject()
	}
	if old, had := msg.Lookup("error"); had {
		msg = msg.With("_error", old)
	}
	return withID(msg.With("error", value), "")
}

func code(err error) string {
	if c, ok := errors.AsType[*node.Coded](err); ok {
		return c.Code
	}
	return ""
}

// complete tells the complete nodes that the step ended well.
func (h *step) complete() {
	if h.quiet || len(h.flow.Followers) == 0 || h.s.Input == nil || h.run.Cancelled() || h.run.Ended() {
		return
	}
	source := message.NewObject("id", h.s.Node, "type", h.flow.Type, "name", h.flow.Name)
	msg := h.s.Input.With("complete", message.NewObject("source", source))
	var targets []machine.Target
	for _, f := range h.flow.Followers {
		targets = append(targets, machine.Target{Node: f.ID, Port: portComplete, Msg: msg})
	}
	h.p.m.Send(h.run, h.s, nil, targets, h.p.e.cfg.Now())
}
