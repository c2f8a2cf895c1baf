package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"toban/internal/failpoint"
	"toban/internal/locale"
	"toban/internal/machine"
	"toban/internal/node"
)

// The patience of a look at an effect whose outcome isn't known.
const (
	lookTimeout = 2 * time.Minute  // of one look
	awayBudget  = 5 * time.Minute  // of pauses in a row while nobody can be asked
	shortPause  = time.Second      // before it is asked again; doubled each time
	longPause   = 30 * time.Second // the longest one
	// maxNever is how many attempts in a row may turn out to have never begun.
	maxNever = 5
)

// look is the observation of one effect: after a crash, or when its connection
// broke in the middle. It holds the effect's slot until it is over.
type look struct {
	h       *step
	eff     *node.Effect
	cause   error // why it isn't known, nil after a crash
	release func()
}

// reconsider decides on an effect that was reserved and not confirmed: what
// the world shows counts, else the type's policy.
func (p *partition) reconsider(o machine.Open) {
	h := p.handle(o.Run, o.Step)
	if h == nil {
		p.interrupt(o, "engine.interrupted")
		return
	}
	var eff *node.Effect
	if h.inst.planner != nil && h.inst.broken == nil {
		eff, _ = h.inst.planner.Plan(h, o.Step.Input)
	}
	if eff == nil || eff.Observe == nil || h.run.Rehearsal && !eff.Safe {
		h.judge(node.Observation{}, nil)
		return
	}
	p.observe(&look{h: h, eff: eff, release: func() {}})
}

// observe asks the world, outside the loop, and brings the answer back.
func (p *partition) observe(l *look) {
	h := l.h
	at := node.Attempt{Key: effectKey(h), Trail: h.s.Trail, Since: h.s.StartedAt}
	if l.cause != nil {
		p.e.logNode(node.Warn, h.inst, locale.Errorf("engine.unknown.looking", "node", h.inst.env.Label(),
			"target", h.s.Preview.Target).Because(l.cause))
	}
	p.e.work.Go(func() {
		seen, over := p.e.watch(l.eff, at)
		failpoint.Here(failpoint.EffectObserved)
		p.post(func() {
			l.release()
			if over {
				h.judge(seen, l.cause)
			}
		})
	})
}

// watch looks until there is an answer: again as long as the effect is under
// way, and for a while when nobody can be asked. false: the server stops, and
// the next start asks.
func (e *Engine) watch(eff *node.Effect, at node.Attempt) (seen node.Observation, over bool) {
	var waited time.Duration
	for pause := shortPause; ; {
		seen, err := e.lookOnce(eff, at)
		switch {
		case e.ctx.Err() != nil:
			return seen, false
		case err == nil && seen.Happened == node.UnderWay:
			waited, pause = 0, shortPause
		case errors.Is(err, node.ErrAway) && waited < awayBudget:
			waited += pause
		case err != nil:
			return node.Observation{Note: e.cfg.Lang.Err(err)}, true
		default:
			return seen, true
		}
		if !e.sleep(pause) {
			return seen, false
		}
		if waited > 0 {
			pause = min(2*pause, longPause)
		}
	}
}

// lookOnce observes; a panic in it is an observation that failed.
func (e *Engine) lookOnce(eff *node.Effect, at node.Attempt) (seen node.Observation, err error) {
	defer func() {
		if r := recover(); r != nil {
			e.cfg.Log.Error("an observation panicked", "key", at.Key, "panic", r)
			err = locale.Errorf("engine.panic", "node", string(at.Key), "what", fmt.Sprint(r))
		}
	}()
	ctx, cancel := context.WithTimeout(e.ctx, lookTimeout)
	defer cancel()
	return eff.Observe(ctx, at)
}

// sleep waits, unless the server stops meanwhile.
func (e *Engine) sleep(d time.Duration) bool {
	over := make(chan struct{})
	stop := e.cfg.AfterFunc(d, func() { close(over) })
	defer stop()
	select {
	case <-over:
		return true
	case <-e.ctx.Done():
		return false
	}
}

// judge goes on after an observation. cause is why one was needed, nil after a crash.
func (h *step) judge(seen node.Observation, cause error) {
	if h.s.State != machine.Reserved {
		return
	}
	h.enter(func() {
		switch {
		case seen.Happened == node.Happened && seen.Err != nil:
			h.remark(seen.Note)
			h.Fail(seen.Err)
		case seen.Happened == node.Happened:
			h.remark(seen.Note)
			h.Send(seen.Outputs)
			h.Done()
		case h.run.Cancelled() && (seen.Happened == node.DidNot || h.s.Policy == node.Repeat):
			h.p.m.End(h.run, h.s, machine.Cancelled, h.p.e.cfg.Now())
		case seen.Happened == node.DidNot && h.s.Attempt >= maxNever:
			h.Fail(&node.Coded{Code: "not_started", Err: locale.Errorf("engine.unknown.began_never",
				"node", h.inst.env.Label(), "target", h.s.Preview.Target, "attempts", h.s.Attempt)})
		case seen.Happened == node.DidNot:
			h.remark(seen.Note)
			h.p.m.Requeue(h.run, h.s)
		case h.s.Policy == node.Repeat:
			h.remark(h.p.e.cfg.Lang.Text("engine.maybe_twice"))
			h.p.m.Requeue(h.run, h.s)
		default:
			h.askUnknown(cause, seen.Note)
		}
	})
}
