package engine

import (
	"context"
	"maps"
	"sync/atomic"

	"toban/internal/flow"
	"toban/internal/node"
)

// revision is a deployed graph with its running nodes. Runs stay on the
// revision that they began on.
type revision struct {
	hash  string
	graph *flow.Graph
	bound map[string]*bound
	open  atomic.Int64 // runs on it
	// leftover are instances that a later deploy stopped while runs still needed them.
	leftover []*instance
}

// bound is a node as one revision has it. Several revisions may share the instance.
type bound struct {
	flow *flow.Node
	inst *instance
}

// instance is one running node. flow, rev and tab are those of the newest
// revision that has it.
type instance struct {
	flow   *flow.Node
	tab    *flow.Flow
	rev    *revision
	p      *partition
	env    *env
	impl   node.Node
	broken error // why it can't work; it says so for every message
	closed bool

	receiver node.Receiver
	planner  node.Planner
	asker    node.Asker
	source   node.Source

	stopSource context.CancelFunc
	sourceDone chan struct{}
}

// newInstance makes the node and reads its configuration; it is provisioned later.
func (e *Engine) newInstance(n *flow.Node, rev *revision) *instance {
	inst := &instance{flow: n, tab: tabOf(n), rev: rev}
	inst.env = &env{e: e, inst: inst}
	t, ok := e.cfg.Types.Lookup(n.Impl)
	if !ok {
		inst.broken = ErrNoNode
		return inst
	}
	inst.impl = t.New()
	inst.receiver, _ = inst.impl.(node.Receiver)
	inst.planner, _ = inst.impl.(node.Planner)
	inst.asker, _ = inst.impl.(node.Asker)
	inst.source, _ = inst.impl.(node.Source)
	return inst
}

// provision prepares the node; an error is kept and reported for every message.
func (inst *instance) provision() error {
	if inst.broken != nil {
		return inst.broken
	}
	err := node.Decode(inst.flow.Props, inst.impl)
	if p, ok := inst.impl.(node.Provisioner); ok && err == nil {
		err = p.Provision(inst.env)
	}
	inst.broken = err
	return err
}

func (inst *instance) close(removed bool) {
	if inst.closed {
		return
	}
	inst.closed = true
	if c, ok := inst.impl.(node.Closer); ok {
		if err := c.Close(removed); err != nil {
			inst.p.e.logNode(node.Error, inst, err)
		}
	}
}

// revision finds a revision by its hash without a lock: every delivery does.
func (e *Engine) revision(hash string) *revision {
	if revs := e.revisions.Load(); revs != nil {
		return (*revs)[hash]
	}
	return nil
}

// putRevision adds a revision, dropRevision removes it. e.mu is held.
func (e *Engine) putRevision(rev *revision) {
	e.changeRevisions(func(revs map[string]*revision) { revs[rev.hash] = rev })
}

func (e *Engine) dropRevision(rev *revision) {
	e.changeRevisions(func(revs map[string]*revision) {
		if revs[rev.hash] == rev {
			delete(revs, rev.hash)
		}
	})
}

func (e *Engine) changeRevisions(edit func(map[string]*revision)) {
	revs := map[string]*revision{}
	if old := e.revisions.Load(); old != nil {
		revs = maps.Clone(*old)
	}
	edit(revs)
	e.revisions.Store(&revs)
}

// retire closes what only the runs of an old revision needed.
func (e *Engine) retire(rev *revision) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if rev == e.current || rev.open.Load() > 0 {
		return
	}
	e.dropRevision(rev)
	for _, inst := range rev.leftover {
		if user := e.userOf(inst, e.current); user != nil {
			user.leftover = append(user.leftover, inst)
			continue
		}
		inst.p.post(func() { inst.close(false) })
	}
	rev.leftover = nil
}

// userOf gives a revision other than except whose open runs may come to an
// instance, nil if there is none.
func (e *Engine) userOf(inst *instance, except *revision) *revision {
	revs := e.revisions.Load()
	if revs == nil {
		return nil
	}
	for hash, rev := range *revs {
		if b := rev.bound[inst.flow.ID]; hash != except.hash && rev.open.Load() > 0 && b != nil && b.inst == inst {
			return rev
		}
	}
	return nil
}
