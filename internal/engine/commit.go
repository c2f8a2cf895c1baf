package engine

import (
	"context"
	"time"

	"toban/internal/locale"
	"toban/internal/machine"
	"toban/internal/node"
	"toban/internal/store"
)

// cut hands the partition's next cut to the committer, if one is due and none
// is under way.
func (p *partition) cut() {
	if p.m.CutUnderWay() {
		return
	}
	if !p.m.Urgent() {
		p.dirty.Store(false)
		p.planLazyCut()
		return
	}
	p.takeCut()
}

func (p *partition) takeCut() {
	cut := p.m.Cut()
	if cut == nil {
		p.dirty.Store(false)
		return
	}
	p.saving, p.unsaved = p.unsaved, nil
	p.dirty.Store(true)
	p.cuts <- cut
}

// planLazyCut writes histories that nothing waits for, a little later.
func (p *partition) planLazyCut() {
	if p.lazy || !p.m.Dirty() {
		return
	}
	p.lazy = true
	p.e.cfg.AfterFunc(lazyAfter, func() {
		p.post(func() {
			p.lazy = false
			if owner := p.owner(); !owner.m.CutUnderWay() {
				owner.takeCut()
			}
		})
	})
}

// commitLoop commits one cut after the other. A cut that can't be committed is
// tried again: its partition takes no new events and starts no effects
// meanwhile, so nothing is lost when the disk has room again.
func (p *partition) commitLoop() {
	defer p.e.loops.Done()
	for {
		select {
		case cut := <-p.cuts:
			if !p.commit(cut) {
				return
			}
			p.post(func() { p.committed(cut) })
		case <-p.done:
			return
		}
	}
}

// commit is not cut off by the engine's end: whatever was taken is written, or
// given up once the loop is told to stop.
func (p *partition) commit(cut *store.Cut) bool {
	ctx := context.WithoutCancel(p.e.ctx)
	for pause := 50 * time.Millisecond; ; pause = min(2*pause, 5*time.Second) {
		p.e.beforeCut(cut)
		err := p.e.cfg.Store.Commit(ctx, cut)
		if err == nil {
			p.e.afterCut(cut)
			p.unblock()
			return true
		}
		p.block(err)
		select {
		case <-time.After(pause):
		case <-p.done:
			return false
		}
	}
}

func (p *partition) block(err error) {
	if p.blocked.Load() == "" {
		p.e.log(node.Fatal, locale.Errorf("engine.commit_failed", "partition", p.name).Because(err))
	}
	p.blocked.Store(err.Error())
}

func (p *partition) unblock() {
	if p.blocked.Load() != "" {
		p.e.log(node.Info, locale.Errorf("engine.commit_works_again", "partition", p.name))
	}
	p.blocked.Store("") // the loop is told by what is posted next
}

// committed lets go what waited for the cut.
func (p *partition) committed(cut *store.Cut) {
	p.saved()
	for _, r := range p.m.Committed() {
		switch r.Kind {
		case machine.StartEffect:
			p.startEffect(r)
		case machine.ShowQuestion:
			p.showQuestion(r)
		case machine.RunStored:
			p.settleReceipt(r.Run.ID)
		}
	}
	for _, r := range cut.Runs {
		p.e.cfg.Observer.RunChanged(r.Run)
	}
	p.parkWaiting()
}
