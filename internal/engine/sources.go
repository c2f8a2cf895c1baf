package engine

import (
	"context"
	"time"

	"toban/internal/locale"
	"toban/internal/node"
)

// The pauses after a source has failed.
const (
	firstPause   = time.Second
	longestPause = time.Minute
	stopPatience = 15 * time.Second // how long a source may take to end
)

func (e *Engine) startSources(rev *revision, ids []string) {
	for _, id := range ids {
		if b := rev.bound[id]; b != nil && b.inst.source != nil && b.inst.broken == nil {
			e.startSource(b.inst)
		}
	}
}

func (e *Engine) startSource(inst *instance) {
	ctx, cancel := context.WithCancel(e.ctx)
	done := make(chan struct{})
	inst.stopSource, inst.sourceDone = cancel, done
	e.work.Go(func() {
		defer close(done)
		e.runSource(ctx, inst)
	})
}

// runSource runs a source until ctx ends; after an error it is run again.
func (e *Engine) runSource(ctx context.Context, inst *instance) {
	for pause := firstPause; ctx.Err() == nil; pause = min(2*pause, longestPause) {
		began := e.cfg.Now()
		err := inst.source.Run(ctx, emitter{inst})
		if ctx.Err() != nil || err == nil {
			return
		}
		if e.cfg.Now().Sub(began) > longestPause { // it worked for a while
			pause = firstPause
		}
		inst.p.post(func() {
			inst.env.Status(node.Status{Fill: "red", Shape: "ring", Text: e.cfg.Lang.Err(err)})
			e.logNode(node.Error, inst, locale.Errorf("engine.source_failed",
				"node", inst.env.Label(), "pause", locale.Duration(pause)).Because(err))
		})
		select {
		case <-time.After(pause):
		case <-ctx.Done():
		}
	}
}

// stopSourcesOf stops the sources among the nodes and waits for them.
func (e *Engine) stopSourcesOf(rev *revision, ids []string) {
	if rev == nil {
		return
	}
	var stopped []*instance
	for _, id := range ids {
		if b := rev.bound[id]; b != nil && b.inst.stopSource != nil {
			b.inst.stopSource()
			stopped = append(stopped, b.inst)
		}
	}
	patience := time.After(stopPatience)
	for _, inst := range stopped {
		select {
		case <-inst.sourceDone:
		case <-patience:
			e.logNode(node.Warn, inst, locale.Errorf("engine.source_hangs", "node", inst.env.Label()))
		}
	}
}

func (e *Engine) stopSources() {
	if e.current == nil {
		return
	}
	ids := make([]string, 0, len(e.current.bound))
	for id := range e.current.bound {
		ids = append(ids, id)
	}
	e.stopSourcesOf(e.current, ids)
}

// closeNodes closes the nodes of the current revision in the reverse order of their start.
func (e *Engine) closeNodes() {
	if e.current == nil {
		return
	}
	resume := e.pause()
	defer resume()
	order := e.current.graph.Order
	for i := len(order) - 1; i >= 0; i-- {
		if b := e.current.bound[order[i].ID]; b != nil {
			b.inst.close(false)
		}
	}
}
