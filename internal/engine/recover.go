package engine

import (
	"context"
	"errors"

	"toban/internal/failpoint"
	"toban/internal/flow"
	"toban/internal/locale"
	"toban/internal/machine"
	"toban/internal/node"
	"toban/internal/store"
)

// Start brings back what the store has and makes g the current revision. Runs
// go on where their last cut left them.
func (e *Engine) Start(ctx context.Context, g *flow.Graph, file []byte) (Deployed, error) {
	snap, err := e.cfg.Store.Recover(ctx, "")
	if err != nil {
		return Deployed{}, err
	}
	failpoint.Here(failpoint.Recovering)
	if err := e.loadRehearsed(ctx); err != nil {
		return Deployed{}, err
	}
	e.deploying.Lock()
	defer e.deploying.Unlock()
	if e.stopping.Load() {
		return Deployed{}, ErrStopped
	}
	if err := e.cfg.Store.PutRevision(ctx, g.Revision, file); err != nil {
		return Deployed{}, err
	}
	change := flow.Diff(nil, g, flow.Full)
	rev := e.makeRevision(g, nil, change)
	olds, err := e.openRevisions(ctx, snap, rev)
	if err != nil {
		return Deployed{}, err
	}
	e.place(rev)
	e.current = rev
	e.putRevision(rev)
	home := e.homes(snap) // may make a partition, which is to be paused like the others
	resume := e.pause()
	problems := append(append([]flow.Problem{}, g.Problems...), e.provision(rev, change.Start)...)
	for _, old := range olds {
		e.provisionAll(old)
	}
	err = e.restore(snap, home)
	resume()
	if err != nil {
		return Deployed{}, err
	}
	failpoint.Here(failpoint.Recovered)
	e.watchClock()
	e.startSources(rev, change.Start)
	return Deployed{Change: change, Problems: problems}, nil
}

// openRevisions builds the older revisions that open runs are on. One that is
// not there or can't be built any more is logged; its runs end as interrupted.
func (e *Engine) openRevisions(ctx context.Context, snap *store.Snapshot, current *revision) ([]*revision, error) {
	var olds []*revision
	known := map[string]bool{current.hash: true}
	for _, run := range snap.Runs {
		if known[run.Revision] {
			continue
		}
		known[run.Revision] = true
		file, err := e.cfg.Store.Revision(ctx, run.Revision)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return nil, err // it may well be there
		}
		if old, err := e.oldRevision(run.Revision, file, err); err != nil {
			e.log(node.Error, locale.Errorf("engine.revision_lost", "revision", run.Revision, "run", run.ID).Because(err))
		} else {
			olds = append(olds, old)
		}
	}
	return olds, nil
}

// oldRevision makes a stored flow file run again for the runs that are on it.
func (e *Engine) oldRevision(hash string, file []byte, err error) (*revision, error) {
	if err != nil {
		return nil, err
	}
	g, err := e.cfg.Build(file)
	if err != nil {
		return nil, err
	}
	g.Revision = hash
	old := e.makeRevision(g, nil, flow.Diff(nil, g, flow.Full))
	e.place(old)
	e.putRevision(old)
	return old, nil
}

func (e *Engine) provisionAll(rev *revision) {
	for _, n := range rev.graph.Order {
		inst := rev.bound[n.ID].inst
		if err := inst.provision(); err != nil {
			e.logNode(node.Error, inst, err)
		}
		rev.leftover = append(rev.leftover, inst)
	}
}

// restore gives every partition its share of the snapshot. The loops are paused.
func (e *Engine) restore(snap *store.Snapshot, home map[string]*partition) error {
	for _, p := range e.allPartitions() {
		if err := p.restore(share(snap, home, p)); err != nil {
			return locale.Errorf("engine.damaged").Because(err)
		}
	}
	return nil
}

// share is the part of a snapshot that belongs to one partition.
func share(snap *store.Snapshot, home map[string]*partition, p *partition) *store.Snapshot {
	out := &store.Snapshot{}
	mine := map[string]bool{}
	for _, r := range snap.Runs {
		if home[r.ID] == p {
			mine[r.ID] = true
			out.Runs = append(out.Runs, r)
		}
	}
	for _, rec := range snap.Records {
		if mine[rec.Run] {
			out.Records = append(out.Records, rec)
		}
	}
	for _, q := range snap.Questions {
		if home["question "+q.ID] == p {
			out.Questions = append(out.Questions, q)
		}
	}
	for _, c := range snap.Context {
		if at := home["context "+c.Owner]; at == p || at == nil {
			out.Context = append(out.Context, c)
		}
	}
	for _, row := range snap.State {
		if home["node "+row.Node] == p {
			out.State = append(out.State, row)
		}
	}
	return out
}

// homes finds the partition of everything in a snapshot.
func (e *Engine) homes(snap *store.Snapshot) map[string]*partition {
	home := map[string]*partition{}
	byTab := map[string]*partition{}
	for _, rev := range *e.revisions.Load() {
		for id, b := range rev.bound {
			if b.flow.Partition == "" {
				continue
			}
			p := b.inst.p.owner() // a younger revision may have joined tabs of an older one
			home["node "+id] = p
			home["context "+id] = p
			byTab[b.inst.tab.ID] = p
			if b.flow.Flow != nil {
				home["context "+b.flow.Flow.ID] = p
			}
		}
	}
	e.homesOfBlocked(home)
	for _, r := range snap.Runs {
		if p := home["node "+r.Source]; p != nil {
			home[r.ID] = p
		} else if p := byTab[r.Flow]; p != nil {
			home[r.ID] = p
		} else {
			home[r.ID] = e.partition(configPartition)
		}
	}
	for _, q := range snap.Questions {
		if p := home[q.Run]; p != nil {
			home["question "+q.ID] = p
		} else { // its run has ended: only its card is to be seen to
			home["question "+q.ID] = e.partition(configPartition)
		}
	}
	return home
}

// homesOfBlocked finds the partition of what tabs keep that can't start now: they go
// on with it once they can.
func (e *Engine) homesOfBlocked(home map[string]*partition) {
	for _, rev := range *e.revisions.Load() {
		for id, n := range rev.graph.Blocked() {
			p := e.partition(e.joined.find("tab " + tabOf(n).ID))
			for _, key := range []string{"node " + id, "context " + id, "context " + n.Flow.ID} {
				if home[key] == nil {
					home[key] = p
				}
			}
		}
	}
}

func (p *partition) restore(snap *store.Snapshot) error {
	journal := map[string][]store.Record{}
	for _, rec := range snap.Records {
		journal[rec.Run] = append(journal[rec.Run], rec)
	}
	found, err := p.m.Restore(snap.Runs, journal, snap.Context, snap.State)
	if err != nil {
		return err
	}
	for _, run := range p.m.Runs() {
		if rev := p.e.revision(run.Revision); rev != nil {
			rev.open.Add(1)
		}
	}
	var shown []string
	for _, q := range snap.Questions {
		if id := p.restoreQuestion(q); id != "" {
			shown = append(shown, id)
		}
	}
	p.e.lookAgain(shown)
	for _, row := range p.m.AllRows() {
		p.planWake(row)
	}
	for _, o := range found.Interrupted {
		p.post(func() { p.interrupt(o, "engine.interrupted") })
	}
	for _, o := range found.Reserved {
		p.post(func() { p.reconsider(o) })
	}
	return nil
}

// lookAgain looks at questions whose cards stand already, one after the other:
// they may be very many.
func (e *Engine) lookAgain(ids []string) {
	if len(ids) == 0 {
		return
	}
	e.work.Go(func() {
		for _, id := range ids {
			if e.ctx.Err() == nil {
				e.show(id)
			}
		}
	})
}

// restoreQuestion goes on waiting for a question, or takes its outcome. It gives
// the question's id if its card stands: then it is to be looked at again.
func (p *partition) restoreQuestion(q store.Question) (shown string) {
	p.expect(q.ID)
	waits := false
	if run := p.m.Run(q.Run); run != nil {
		if s := run.Step(q.Step); s != nil {
			p.asked[q.ID] = machine.Open{Run: run, Step: s}
			waits = s.Waits(q.ID)
		}
	}
	switch {
	case q.State == store.Open && waits && (q.Ref != "" || p.e.cfg.Desk == nil):
		return q.ID
	case q.State == store.Open && waits:
		p.e.work.Go(func() { p.e.show(q.ID) })
		return ""
	case q.State == store.Open: // its run was cancelled in the cut that asked
		p.e.endQuestion(q.ID)
		return ""
	}
	p.e.goOn(p.e.takeAsking(q.ID), q, nil)
	return ""
}

// interrupt ends a step that was cut off, for a reason out of the catalogue.
func (p *partition) interrupt(o machine.Open, why string) {
	if h := p.handle(o.Run, o.Step); h != nil && o.Step.State == machine.Running {
		h.raise(&node.Coded{Code: "interrupted", Err: locale.Errorf(why, "node", h.inst.env.Label())}, nil)
	}
	p.m.End(o.Run, o.Step, machine.Interrupted, p.e.cfg.Now())
}
