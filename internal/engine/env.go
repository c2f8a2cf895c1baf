package engine

import (
	"net/http"
	"sync/atomic"
	"time"

	"toban/internal/failpoint"
	"toban/internal/locale"
	"toban/internal/machine"
	"toban/internal/message"
	"toban/internal/node"
)

// env is node.Env for one instance.
type env struct {
	e    *Engine
	inst *instance
}

// What the node is.
func (v *env) ID() string             { return v.inst.flow.ID }
func (v *env) Type() string           { return v.inst.flow.Type }
func (v *env) Name() string           { return v.inst.flow.Name }
func (v *env) Outputs() int           { return len(v.inst.flow.Wires) }
func (v *env) Props() *message.Object { return v.inst.flow.Props }
func (v *env) DataDir() string        { return v.e.cfg.DataDir }
func (v *env) Lang() locale.Lang      { return v.e.cfg.Lang }
func (v *env) Zone() *time.Location   { return v.e.cfg.Zone }
func (v *env) Now() time.Time         { return v.e.cfg.Now() }
func (v *env) Do(f func())            { v.inst.p.post(f) }

// Flow is the id of the tab or subflow instance.
func (v *env) Flow() string {
	if v.inst.flow.Flow == nil {
		return ""
	}
	return v.inst.flow.Flow.ID
}

// Label names the node in texts.
func (v *env) Label() string {
	if name := v.inst.flow.Name; name != "" {
		return name
	}
	return v.inst.flow.Type + " " + v.inst.flow.ID
}

// Wired reports whether a port leads anywhere.
func (v *env) Wired(port int) bool {
	return port < len(v.inst.flow.Wires) && len(v.inst.flow.Wires[port]) > 0
}

// Credential gives a secret of this node.
func (v *env) Credential(name string) string {
	if v.e.cfg.Credential == nil {
		return ""
	}
	id := v.inst.flow.Alias
	if id == "" {
		id = v.inst.flow.ID
	}
	return v.e.cfg.Credential(id, name)
}

// Config gives a running config node of the current revision.
func (v *env) Config(id string) (node.Node, bool) {
	inst := v.e.instance(id)
	if inst == nil || inst.broken != nil || inst.impl == nil {
		return nil, false
	}
	return inst.impl, true
}

// Peer finds a node of the newest revision that this node is in.
func (v *env) Peer(id string) (typ, flowID string, ok bool) {
	b := v.inst.rev.bound[id]
	if b == nil {
		return "", "", false
	}
	if b.flow.Flow != nil {
		flowID = b.flow.Flow.ID
	}
	return b.flow.Type, flowID, true
}

// Peers lists the running nodes of a type.
func (v *env) Peers(typ string) []node.Peer {
	var peers []node.Peer
	for _, n := range v.inst.rev.graph.Order {
		if n.Type != typ {
			continue
		}
		peer := node.Peer{ID: n.ID, Name: n.Name, Inside: n.Alias != ""}
		if n.Flow != nil {
			peer.Flow = n.Flow.ID
		}
		peers = append(peers, peer)
	}
	return peers
}

// After calls f in the loop once d has passed.
func (v *env) After(d time.Duration, f func()) (cancel func()) {
	var cancelled atomic.Bool // a source cancels from its own goroutine
	stop := v.e.cfg.AfterFunc(d, func() {
		v.inst.p.post(func() {
			if !cancelled.Load() && !v.inst.closed {
				f()
			}
		})
	})
	return func() {
		cancelled.Store(true)
		stop()
	}
}

// Debug publishes a value in the debug sidebar.
func (v *env) Debug(d node.Debug) { v.e.cfg.Observer.Debugged(v.inst.flow, d) }

// Log writes a log entry.
func (v *env) Log(level node.Level, what any) {
	if method, ok := logMethods[level]; ok {
		v.e.cfg.Observer.Called(v.inst.flow.ID, method, what)
	}
	v.e.logNode(level, v.inst, what)
}

var logMethods = map[node.Level]string{
	node.Error: "error", node.Warn: "warn", node.Info: "log", node.DebugLevel: "debug", node.Trace: "trace",
}

// Emit begins a new run.
func (v *env) Emit(out node.Outputs) { v.inst.p.emit(v.inst, out, "") }

// emit begins a run with what a node sends outside any step.
func (p *partition) emit(inst *instance, out node.Outputs, parent string) {
	sent, targets := route(inst.flow, out)
	if len(sent) > 0 && inst.runs() {
		p.startRun(inst, node.Event{}, sent, targets, parent)
	}
}

// runs reports whether new runs can begin at the instance.
func (inst *instance) runs() bool { return !inst.closed && inst.p.e.revision(inst.rev.hash) != nil }

// Context gives a context.
func (v *env) Context(scope node.Scope) node.Context {
	switch scope {
	case node.GlobalScope:
		return contextView{p: v.inst.p, owner: "global"}
	case node.FlowScope:
		return flowContext(v.inst.p, v.inst.flow.Flow)
	}
	return contextView{p: v.inst.p, owner: v.inst.flow.ID}
}

// State is the node's rows.
func (v *env) State() node.State { return rows{v.inst} }

// Getenv looks up an environment variable as flows see it.
func (v *env) Getenv(name string) (message.Value, bool) {
	if value, ok := v.inst.flow.Getenv(name); ok {
		return value, true
	}
	if v.e.cfg.Getenv == nil {
		return nil, false
	}
	value, ok := v.e.cfg.Getenv(name)
	return value, ok
}

// Setting gives a runtime setting. "rehearse" says whether events of this
// node begin rehearsals.
func (v *env) Setting(name string) message.Value {
	if name == "rehearse" {
		return v.e.cfg.Rehearse || v.e.Rehearsed(v.inst.tab.ID)
	}
	if v.e.cfg.Setting == nil {
		return nil
	}
	return v.e.cfg.Setting(name)
}

// HTTP takes handlers; without a server every registration is refused.
func (v *env) HTTP() node.Router {
	if v.e.cfg.HTTP == nil {
		return noRouter{}
	}
	return v.e.cfg.HTTP
}

type noRouter struct{}

func (noRouter) Handle(method, path string, _ http.HandlerFunc) (func(), error) {
	return nil, locale.Errorf("engine.no_http", "method", method, "path", path)
}

// rows is node.State over the machine's rows.
type rows struct{ inst *instance }

func (r rows) Rows() []node.Row {
	stored := r.inst.p.m.Rows(r.inst.flow.ID)
	out := make([]node.Row, len(stored))
	for i, row := range stored {
		out[i] = r.inst.p.nodeRow(row)
	}
	return out
}

func (r rows) Put(row node.Row) node.Row {
	p := r.inst.p
	stored := machine.Row{Node: r.inst.flow.ID, Seq: row.Seq, Key: row.Key, Value: row.Value, Due: row.Due}
	if h, ok := row.Step.(*step); ok && h != nil {
		stored.Run, stored.Step = h.run.ID, h.s.Seq
		h.deferred = true
		p.m.Hold(h.run, h.s)
	} else if p.at.step != nil {
		p.m.Touch(p.at.step.run)
	}
	stored = p.m.PutRow(stored)
	p.planWake(stored)
	return p.nodeRow(stored)
}

func (r rows) Delete(seq uint64) {
	p := r.inst.p
	row, ok := p.m.DeleteRow(r.inst.flow.ID, seq)
	if !ok {
		return
	}
	if p.at.step != nil {
		p.m.Touch(p.at.step.run)
	}
	if run := p.m.Run(row.Run); run != nil {
		if s := run.Step(row.Step); s != nil && s.State == machine.Held {
			p.m.Resume(run, s)
		}
	}
}

// nodeRow gives a row as nodes see it.
func (p *partition) nodeRow(row machine.Row) node.Row {
	out := node.Row{Seq: row.Seq, Key: row.Key, Value: row.Value, Due: row.Due}
	if run := p.m.Run(row.Run); run != nil {
		if s := run.Step(row.Step); s != nil {
			if h := p.handle(run, s); h != nil {
				h.deferred = true
				out.Step = h
			}
		}
	}
	return out
}

// planWake calls the node when the row falls due.
func (p *partition) planWake(row machine.Row) {
	if row.Due.IsZero() {
		return
	}
	p.e.cfg.AfterFunc(row.Due.Sub(p.e.cfg.Now()), func() {
		p.post(func() { p.wakeRow(row.Node, row.Seq, row.Due) })
	})
}

func (p *partition) wakeRow(id string, seq uint64, due time.Time) {
	failpoint.Here(failpoint.TimerFired)
	row, ok := p.m.Row(id, seq)
	if !ok || !row.Due.Equal(due) { // it went, or was put off
		return
	}
	r := p.nodeRow(row)
	if h, ok := r.Step.(*step); ok && h != nil {
		h.wake(r)
		return
	}
	if row.Run != "" { // nothing is there any more that could go on
		p.dropRow(row)
		return
	}
	inst := p.e.instance(id)
	if inst == nil || inst.broken != nil {
		return
	}
	waker, ok := inst.impl.(node.Waker)
	if !ok {
		return
	}
	if err := waker.Wake(r); err != nil {
		p.e.logNode(levelError, inst, err)
	}
}

// wake gives a row to the node of the run's own revision: the current one may
// not have it any more.
func (h *step) wake(row node.Row) {
	h.enter(func() {
		waker, ok := h.inst.impl.(node.Waker)
		switch {
		case h.inst.broken != nil:
			h.Fail(h.inst.broken)
		case !ok:
			h.Done()
		default:
			if err := waker.Wake(row); err != nil {
				h.Fail(err)
			}
		}
	})
}

// dropRow takes away a row whose step can't go on, because its run has ended or
// the run's revision is lost.
func (p *partition) dropRow(row machine.Row) {
	p.m.DeleteRow(row.Node, row.Seq)
	if run := p.m.Run(row.Run); run != nil {
		if s := run.Step(row.Step); s != nil && s.State == machine.Held {
			p.interrupt(machine.Open{Run: run, Step: s}, "engine.interrupted")
		}
	}
}

var (
	_ node.Env    = (*env)(nil)
	_ node.State  = rows{}
	_ node.Router = noRouter{}
)
