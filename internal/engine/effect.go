package engine

import (
	"errors"
	"fmt"
	"runtime/debug"

	"toban/internal/failpoint"
	"toban/internal/locale"
	"toban/internal/machine"
	"toban/internal/message"
	"toban/internal/node"
)

// effect is one effect on its way from its plan to its end.
type effect struct {
	*node.Effect
	h         *step
	release   func() // of its slots
	rehearsed bool   // it only shows what another one would do
}

// plan asks the node what it would do, and lines that up.
func (h *step) plan(msg *message.Object) {
	eff, err := h.inst.planner.Plan(h, msg)
	switch {
	case err != nil:
		h.Fail(err)
	case eff == nil:
		h.settle(nil)
	case h.run.Rehearsal && !eff.Safe:
		h.lineUp(h.rehearse(eff), true)
	default:
		h.lineUp(eff, false)
	}
}

// lineUp waits for a slot, then reserves. A local effect needs no reservation.
func (h *step) lineUp(eff *node.Effect, rehearsed bool) {
	p := h.p
	if eff.Channel != "" {
		h.speaksIn(eff.Channel, eff.Connection)
		eff = h.withEarlyNotes(eff)
	}
	if eff.Local {
		p.effects[h.s] = &effect{Effect: eff, h: h, release: func() {}}
		p.e.perform(p.effects[h.s])
		return
	}
	resource := eff.Resource
	if resource == "" {
		resource = "node:" + h.s.Node
	}
	p.m.Plan(h.run, h.s, eff)
	p.lined.add(h.run.ID)
	p.e.slots.take(h.run.ID, resource, eff.Serial, func(release func()) {
		one := &effect{Effect: eff, h: h, release: release, rehearsed: rehearsed}
		p.post(func() { p.reserve(one) }) // the slot may come from any goroutine
	})
}

// reserve marks that the effect may start, unless its run was cancelled while it waited.
func (p *partition) reserve(one *effect) {
	p.lined.remove(one.h.run.ID)
	if one.h.s.State != machine.Planned {
		one.release()
		return
	}
	p.effects[one.h.s] = one
	p.m.Reserve(one.h.run, one.h.s)
}

// startEffect performs an effect whose reservation is stored.
func (p *partition) startEffect(r machine.Release) {
	one := p.effects[r.Step]
	if one == nil {
		return
	}
	if p.e.stopping.Load() && p.e.ctx.Err() != nil {
		return
	}
	if one.h.run.Cancelled() { // meanwhile
		delete(p.effects, r.Step)
		one.release()
		p.m.End(r.Run, r.Step, machine.Cancelled, p.e.cfg.Now())
		return
	}
	p.e.perform(one)
}

// perform runs an effect outside the loop and brings its result back.
func (e *Engine) perform(one *effect) {
	e.work.Go(func() { e.carryOut(one) })
}

func (e *Engine) carryOut(one *effect) {
	key := effectKey(one.h)
	failpoint.Here(failpoint.EffectStarting)
	e.cfg.Turn("effect " + string(key))
	out, err := e.guarded(one, key)
	failpoint.Here(failpoint.EffectFinished)
	if err != nil && e.ctx.Err() != nil {
		// The server is going down: what the effect did is asked at the next start.
		one.release()
		return
	}
	one.h.p.post(func() { one.h.p.finish(one, out, err) })
}

// guarded performs an effect; a panic in it leaves the outcome unknown.
func (e *Engine) guarded(one *effect, key node.Key) (out node.Outputs, err error) {
	defer func() {
		if r := recover(); r != nil {
			e.cfg.Log.Error("an effect panicked", "node", one.h.s.Node, "panic", r, "stack", string(debug.Stack()))
			err = errors.Join(locale.Errorf("engine.panic", "node", one.h.inst.env.Label(), "what", fmt.Sprint(r)),
				node.ErrUnknown)
		}
	}()
	return one.Perform(e.ctx, key)
}

// finish takes the result of an effect.
func (p *partition) finish(one *effect, out node.Outputs, err error) {
	delete(p.effects, one.h.s)
	h := one.h
	if errors.Is(err, node.ErrUnknown) && one.Observe != nil && h.s.State == machine.Reserved {
		p.observe(&look{h: h, eff: one.Effect, cause: err, release: one.release})
		return
	}
	one.release()
	if !h.s.State.Open() {
		return
	}
	h.enter(func() {
		if one.Remark != nil {
			h.remark(one.Remark())
		}
		if err != nil {
			h.fail(err, out)
			return
		}
		h.Send(out)
		if one.rehearsed {
			h.complete()
			h.p.m.End(h.run, h.s, machine.Previewed, h.p.e.cfg.Now())
			return
		}
		h.Done()
	})
}

// effectKey names this attempt at the step's effect for the outside world.
func effectKey(h *step) node.Key {
	return node.Key(fmt.Sprintf("%s.%d.%d", h.run.ID, h.s.Seq, h.s.Attempt))
}
