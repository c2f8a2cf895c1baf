package engine

import (
	"context"
	"errors"

	"toban/internal/locale"
	"toban/internal/machine"
	"toban/internal/node"
	"toban/internal/store"
)

// ErrNotAgain: a run can't begin again; the error that wraps it says why.
var ErrNotAgain = errors.New("the run can't begin again")

// RehearseRun begins a new run with what an earlier one began with, on the
// current revision and as a rehearsal whatever its tab is set to: effects are
// previewed, questions are real and marked. It returns once the new run is
// stored. store.ErrNotFound: no such run is kept. ErrNotAgain: its source is
// gone or leads nowhere, or its beginning isn't kept.
//
// The new run has no event key, so an event that comes again is still
// recognised by the earlier one's.
func (e *Engine) RehearseRun(ctx context.Context, id string) (run string, err error) {
	row, records, err := e.cfg.Store.Run(ctx, id)
	if err != nil {
		return "", err
	}
	history, err := machine.Fold(records)
	if err != nil {
		return "", err
	}
	inst := e.instance(row.Source)
	if inst == nil {
		return "", notAgain("engine.again_source_gone", "node", row.Source)
	}
	r := &receipt{safe: make(chan struct{})}
	var refused error
	err = inst.p.call(ctx, func() { refused = inst.p.beginAgain(inst, row, history, r) })
	switch {
	case err != nil:
		return "", err
	case refused != nil:
		return "", refused
	}
	return r.run, r.Safe(ctx)
}

// beginAgain starts the rehearsal; receipt is told when it is stored.
func (p *partition) beginAgain(inst *instance, row store.Run, history *machine.History, r *receipt) error {
	if inst.closed { // a deploy came in between
		return notAgain("engine.again_source_gone", "node", row.Source)
	}
	sent, targets := inst.beginning(history)
	if len(targets) == 0 {
		return notAgain("engine.again_nothing", "run", row.ID)
	}
	run := p.startRun(inst, node.Event{Title: row.Title}, sent, targets, row.ID)
	run.Rehearsal = true
	p.receipts[run.ID] = r
	r.run = run.ID
	p.m.Touch(run)
	return nil
}

// beginning gives what a run began with as the instance's revision delivers it:
// along the source's wires of today, or straight to the nodes that got it.
func (inst *instance) beginning(history *machine.History) (sent []machine.Output, targets []machine.Target) {
	if len(history.Steps) == 0 {
		return nil, nil
	}
	if first := history.Steps[0]; first != nil && first.Parent < 0 && first.Input == nil {
		return route(inst.flow, outputsOf(first))
	}
	for _, s := range history.Steps {
		if s != nil && s.Parent < 0 && inst.rev.bound[s.Node] != nil {
			targets = append(targets, machine.Target{Node: s.Node, Port: s.Port, Msg: s.Input})
		}
	}
	return nil, targets
}

func outputsOf(s *machine.Step) node.Outputs {
	var out node.Outputs
	for _, o := range s.Outputs {
		for len(out) <= o.Port {
			out = append(out, nil)
		}
		out[o.Port] = append(out[o.Port], o.Msg)
	}
	return out
}

func notAgain(key string, pairs ...any) error {
	return locale.Errorf(key, pairs...).Because(ErrNotAgain)
}
