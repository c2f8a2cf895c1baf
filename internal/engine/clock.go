package engine

import (
	"context"
	"time"

	"toban/internal/locale"
	"toban/internal/node"
)

// deadline is when a question ends, by the wall clock, and its timer.
type deadline struct {
	due  time.Time
	stop func()
}

// planDeadline has a question looked at after d; e.mu is held.
func (e *Engine) planDeadline(id string, due time.Time, d time.Duration) {
	e.deadlines[id] = deadline{due, e.cfg.AfterFunc(d, func() { e.expire(id) })}
}

// jump is how far the wall clock may be off before deadlines are planned anew.
const jump = 2 * time.Second

// watchClock compares the wall clock with the steady one, by which timers run.
// They part when somebody sets the clock, and while the machine sleeps.
func (e *Engine) watchClock() {
	if e.cfg.ClockCheck <= 0 {
		return
	}
	e.work.Go(func() {
		wall, steady := e.cfg.Now().Round(0), time.Now() // Round takes the steady reading away
		ticker := time.NewTicker(e.cfg.ClockCheck)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
			case <-e.ctx.Done():
				return
			}
			wallNow, steadyNow := e.cfg.Now().Round(0), time.Now()
			off := wallNow.Sub(wall) - steadyNow.Sub(steady)
			if wall, steady = wallNow, steadyNow; off.Abs() > jump {
				e.clockJumped(off)
			}
		}
	})
}

// clockJumped plans everything anew that is due at a time of the wall clock.
func (e *Engine) clockJumped(by time.Duration) {
	key := "engine.clock_forward"
	if by < 0 {
		key = "engine.clock_back"
	}
	e.log(node.Warn, locale.Errorf(key, "by", locale.Duration(by.Abs().Round(time.Second))))
	e.mu.Lock()
	now := e.cfg.Now()
	for id, d := range e.deadlines {
		d.stop()
		e.planDeadline(id, d.due, d.due.Sub(now))
	}
	e.mu.Unlock()
	for _, p := range e.allPartitions() {
		ctx, cancel := context.WithTimeout(e.ctx, time.Minute)
		_ = p.call(ctx, func() { // a loop that is busy for longer has its timers still
			for _, row := range p.m.AllRows() {
				p.planWake(row)
			}
		})
		cancel()
	}
}
