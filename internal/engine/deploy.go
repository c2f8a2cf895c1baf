package engine

import (
	"context"
	"maps"
	"slices"

	"toban/internal/failpoint"
	"toban/internal/flow"
	"toban/internal/locale"
	"toban/internal/machine"
	"toban/internal/message"
)

// Deployed says what a deploy did.
type Deployed struct {
	flow.Change
	// Problems are the graph's, and those of nodes that can't work as configured.
	Problems []flow.Problem
}

// KeepRevision stores a flow file ahead of its deploy. It fails while the store
// can't be written, before anything has changed: a deploy would wait for it.
func (e *Engine) KeepRevision(ctx context.Context, hash string, file []byte) error {
	if e.stopping.Load() {
		return ErrStopped
	}
	for _, p := range e.allPartitions() {
		if why, _ := p.blocked.Load().(string); why != "" {
			return locale.Errorf("engine.deploy_blocked", "cause", why)
		}
	}
	return e.cfg.Store.PutRevision(ctx, hash, file)
}

// Deploy makes g the current revision. file is the flow file that it was built
// from; touched are the ids of nodes whose credentials changed. Open runs stay
// on their revision; questions stay open.
func (e *Engine) Deploy(ctx context.Context, g *flow.Graph, file []byte, mode flow.Mode, touched ...string) (Deployed, error) {
	e.deploying.Lock()
	defer e.deploying.Unlock()
	if e.stopping.Load() {
		return Deployed{}, ErrStopped
	}
	failpoint.Here(failpoint.RevisionStoring)
	if err := e.cfg.Store.PutRevision(ctx, g.Revision, file); err != nil {
		return Deployed{}, err
	}
	failpoint.Here(failpoint.RevisionStored)
	old := e.current
	var oldGraph *flow.Graph
	if old != nil {
		oldGraph = old.graph
	}
	change := flow.Diff(oldGraph, g, mode, touched...)
	e.stopSourcesOf(old, change.Stop)
	resume := e.pause()
	if e.stopping.Load() { // the pause may have been cut short
		resume()
		return Deployed{}, ErrStopped
	}
	rev := e.makeRevision(g, old, change)
	e.place(rev)
	e.endMoved(rev)
	e.closeStopped(old, rev, change)
	e.mu.Lock()
	e.current = rev
	e.putRevision(rev)
	e.mu.Unlock()
	problems := append(slices.Clone(g.Problems), e.provision(rev, change.Start)...)
	resume()
	failpoint.Here(failpoint.DeploySwitched)
	e.startSources(rev, change.Start)
	failpoint.Here(failpoint.DeployDone)
	if old != nil {
		e.retire(old)
	}
	return Deployed{Change: change, Problems: problems}, nil
}

// makeRevision binds the nodes of a graph: kept ones to their running
// instances, the others to new ones.
func (e *Engine) makeRevision(g *flow.Graph, old *revision, change flow.Change) *revision {
	rev := &revision{hash: g.Revision, graph: g, bound: make(map[string]*bound, len(g.Nodes))}
	for _, id := range change.Keep {
		inst := old.bound[id].inst
		n := g.Nodes[id]
		inst.flow, inst.tab, inst.rev = n, tabOf(n), rev
		rev.bound[id] = &bound{flow: n, inst: inst}
	}
	for _, n := range g.Order {
		if rev.bound[n.ID] == nil {
			rev.bound[n.ID] = &bound{flow: n, inst: e.newInstance(n, rev)}
		}
	}
	if same := e.revision(g.Revision); same != nil { // the same file again: its runs move over
		rev.open.Add(same.open.Load())
		rev.leftover = same.leftover
	}
	return rev
}

// place gives every instance of a revision its partition. Partitions that the
// graph joins become one. The loops are paused.
func (e *Engine) place(rev *revision) {
	e.joined.add(rev.graph)
	for _, p := range e.allPartitions() {
		if name := e.joined.find(p.name); name != p.name {
			e.merge(p, e.partition(name))
		}
	}
	for _, b := range rev.bound {
		b.inst.p = e.partition(e.joined.name(b.flow))
	}
}

// partition finds a partition, or makes it and starts its loop.
func (e *Engine) partition(name string) *partition {
	e.mu.Lock()
	defer e.mu.Unlock()
	p := e.partitions[name]
	if p == nil {
		p = newPartition(e, name)
		e.partitions[name] = p
		p.start()
	}
	return p
}

// closeStopped closes the instances that a deploy stopped, or leaves them to
// the runs that still need them, and ends what changed nodes hold.
func (e *Engine) closeStopped(old, rev *revision, change flow.Change) {
	for _, id := range change.Stop {
		inst := old.bound[id].inst
		removed := change.Removed[id]
		if removed || differs(inst.flow, rev.graph) {
			inst.p.endHeld(id)
		}
		if removed {
			inst.p.m.SetContext(nil, id, nil)
		}
		// A source is closed at once: what it holds outside (a path, a mailbox) is
		// the new one's now.
		if user := e.userOf(inst, rev); user != nil && inst.source == nil {
			user.leftover = append(user.leftover, inst)
			continue
		}
		inst.p.endDeferred(func(h *step) bool { return h.inst == inst })
		inst.close(removed)
	}
	e.dropContextsOfFlows(old, rev)
}

// differs reports whether a graph has a node with other properties. One whose tab
// is blocked there has not changed: the runs that need it go on, and what it holds
// stays.
func differs(n *flow.Node, g *flow.Graph) bool {
	other := g.Nodes[n.ID]
	return other != nil && !message.Equal(n.Props, other.Props)
}

func (e *Engine) dropContextsOfFlows(old, rev *revision) {
	if old == nil {
		return
	}
	for id := range old.graph.Flows {
		if rev.graph.Flows[id] == nil {
			for _, p := range e.allPartitions() {
				if p.m.Context(id) != nil {
					p.m.SetContext(nil, id, nil)
				}
			}
		}
	}
}

// endHeld ends what a changed or deleted node holds, visibly, as an error in
// the runs concerned.
func (p *partition) endHeld(id string) {
	for _, row := range p.m.Rows(id) {
		p.m.DeleteRow(id, row.Seq)
		run := p.m.Run(row.Run)
		if run == nil {
			continue
		}
		s := run.Step(row.Step)
		if s == nil || s.State != machine.Held {
			continue
		}
		if h := p.handle(run, s); h != nil {
			h.Fail(locale.Errorf("engine.changed_while_holding", "node", h.inst.env.Label()))
		}
	}
}

// endMoved ends the deferred steps of runs that go over to new instances,
// because the file that they are on is deployed again.
func (e *Engine) endMoved(rev *revision) {
	for _, p := range e.allPartitions() {
		p.endDeferred(func(h *step) bool {
			return h.run.Revision == rev.hash && rev.bound[h.s.Node].inst != h.inst
		})
	}
}

// endDeferred ends steps that only a timer of a stopped instance would have
// ended, visibly, as an error in their runs.
func (p *partition) endDeferred(concerns func(h *step) bool) {
	runs := p.m.Runs()
	for _, id := range slices.Sorted(maps.Keys(runs)) {
		run := runs[id]
		for _, s := range run.OpenSteps() {
			if s.State != machine.Running || p.effects[s] != nil {
				continue
			}
			if h := p.handle(run, s); h != nil && concerns(h) {
				p.interrupt(machine.Open{Run: run, Step: s}, "engine.interrupted_by_deploy")
			}
		}
	}
}

// provision prepares the started nodes, config nodes first, and lists those that can't work.
func (e *Engine) provision(rev *revision, ids []string) []flow.Problem {
	var problems []flow.Problem
	for _, id := range ids {
		b := rev.bound[id]
		if b == nil {
			continue
		}
		if err := b.inst.provision(); err != nil {
			problems = append(problems, flow.Problem{Node: id, Type: b.flow.Type, Name: b.flow.Name,
				Flow: b.inst.tab.ID, Err: err})
			e.logNode(levelError, b.inst, err)
		}
	}
	return problems
}

// pause parks all loops between two deliveries, with no cut under way, and
// gives the function that lets them go on.
func (e *Engine) pause() (resume func()) {
	gate := make(chan struct{})
	for _, p := range e.allPartitions() {
		parked := make(chan struct{})
		p.post(func() { p.park(parked, gate) })
		<-parked
	}
	return func() { close(gate) }
}

// park waits for the cut under way, then until gate opens. An engine that stops
// doesn't wait: the disk may be full, and nothing will be cut any more.
func (p *partition) park(parked, gate chan struct{}) {
	if p.m.CutUnderWay() && !p.e.stopping.Load() {
		p.parking = func() { p.park(parked, gate) }
		return
	}
	close(parked)
	<-gate
	p.e.cfg.Turn(p.name)
}

// parkNow ends the waits for cuts under way: the engine stops.
func (e *Engine) parkNow() {
	for _, p := range e.allPartitions() {
		p.post(p.parkWaiting)
	}
}

// parkWaiting parks the loop if a deploy waits for that.
func (p *partition) parkWaiting() {
	if park := p.parking; park != nil {
		p.parking = nil
		park()
	}
}

// merge moves everything of p into another partition. Both loops are paused.
// What is still on its way to p (results, answers, timers) is handled in the
// other's loop and finds the other's state there.
func (e *Engine) merge(p, into *partition) {
	into.m.Absorb(p.m)
	maps.Copy(into.effects, p.effects)
	maps.Copy(into.asked, p.asked)
	maps.Copy(into.receipts, p.receipts)
	maps.Copy(into.early, p.early)
	maps.Copy(into.late, p.late)
	into.lined.absorb(p.lined)
	into.seen.absorb(p.seen)
	into.unsaved = append(into.unsaved, p.unsaved...)
	p.unsaved = nil
	p.m, p.effects, p.asked, p.receipts, p.early, p.late, p.lined = into.m, into.effects, into.asked, into.receipts, into.early, into.late, into.lined
	p.at, p.seen = into.at, into.seen
	e.mu.Lock()
	delete(e.partitions, p.name)
	e.mu.Unlock()
	p.forward(into)
}
