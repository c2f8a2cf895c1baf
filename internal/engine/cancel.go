package engine

import (
	"context"

	"toban/internal/machine"
)

// Cancel ends an open run: its queued messages are dropped and its questions
// cancelled. An effect under way can't be called back; its result is recorded.
// Cancel returns once that is on the disk, so that no crash brings the run back.
func (e *Engine) Cancel(ctx context.Context, id string) error {
	for _, p := range e.allPartitions() {
		var stored chan struct{}
		err := p.call(ctx, func() {
			if run := p.m.Run(id); run != nil {
				p.cancelRun(run)
				stored = make(chan struct{})
				home := p.owner()
				home.unsaved = append(home.unsaved, stored)
			}
		})
		switch {
		case err != nil:
			return err
		case stored != nil:
			return p.await(ctx, stored)
		}
	}
	return ErrNoRun
}

// cancelRun ends a run. A step that a node works on outside any effect (a
// function that waits) ends too.
func (p *partition) cancelRun(run *machine.Run) {
	for _, row := range p.m.AllRows() {
		if row.Run == run.ID {
			p.m.DeleteRow(row.Node, row.Seq)
		}
	}
	for _, q := range p.m.Cancel(run, p.e.cfg.Now()) {
		p.e.endQuestion(q)
	}
	for _, s := range run.OpenSteps() {
		if s.State == machine.Running {
			p.m.End(run, s, machine.Cancelled, p.e.cfg.Now())
		}
	}
}
