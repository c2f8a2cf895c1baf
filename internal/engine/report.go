package engine

import (
	"log/slog"

	"toban/internal/flow"
	"toban/internal/machine"
	"toban/internal/message"
	"toban/internal/node"
)

// log writes an entry of the engine itself.
func (e *Engine) log(level node.Level, what any) {
	e.cfg.Observer.Logged(LogEntry{Level: level, What: what, Time: e.cfg.Now()})
	e.cfg.Log.Log(e.ctx, slogLevel(level), e.text(what))
}

// logNode writes an entry of a node.
func (e *Engine) logNode(level node.Level, inst *instance, what any) {
	e.cfg.Observer.Logged(LogEntry{Level: level, Node: inst.flow, What: what, Time: e.cfg.Now()})
	e.cfg.Log.Log(e.ctx, slogLevel(level), e.text(what),
		slog.String("node", inst.env.Label()), slog.String("id", inst.flow.ID), slog.String("type", inst.flow.Type))
}

func (e *Engine) text(what any) string {
	if err, ok := what.(error); ok {
		return e.cfg.Lang.Err(err)
	}
	return message.ToString(what)
}

func slogLevel(l node.Level) slog.Level {
	switch {
	case l <= node.Error:
		return slog.LevelError
	case l <= node.Warn:
		return slog.LevelWarn
	case l <= node.Info:
		return slog.LevelInfo
	}
	return slog.LevelDebug
}

// Status shows a status, and tells the status nodes whose scope has this one.
func (v *env) Status(s node.Status) {
	n := v.inst.flow
	v.e.cfg.Observer.Called(n.ID, "status", s)
	if n.StatusOf != nil {
		n = n.StatusOf
	}
	v.e.cfg.Observer.Status(n.ID, s)
	if len(n.Watchers) == 0 {
		return
	}
	msg := message.NewObject("status", statusValue(s, v.inst.flow), "_msgid", message.NewID())
	var targets []machine.Target
	for _, w := range n.Watchers {
		targets = append(targets, machine.Target{Node: w.ID, Port: portStatus, Msg: msg})
	}
	p := v.inst.p
	if cur := p.at.step; cur != nil && !cur.run.Ended() && !cur.run.Cancelled() {
		p.m.Send(cur.run, cur.s, nil, targets, v.e.cfg.Now())
		return
	}
	if v.inst.runs() {
		p.startRun(v.inst, node.Event{}, nil, targets, "")
	}
}

func statusValue(s node.Status, n *flow.Node) *message.Object {
	status, _ := s.Value.(*message.Object)
	if status == nil {
		b := message.NewBuilder(4)
		for _, f := range [][2]string{{"fill", s.Fill}, {"shape", s.Shape}, {"text", s.Text}} {
			if f[1] != "" {
				b.Set(f[0], f[1])
			}
		}
		if s.Value != nil {
			b.Set("text", message.ToString(s.Value))
		}
		status = b.Object()
	}
	return status.With("source", message.NewObject("id", n.ID, "type", n.Type, "name", n.Name))
}
