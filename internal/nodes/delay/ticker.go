package delay

import (
	"time"

	"toban/internal/node"
)

// ticker calls tick in the loop at a steady pace while it runs. Like
// setInterval it doesn't drift.
type ticker struct {
	env    node.Env
	tick   func()
	every  time.Duration
	due    time.Time
	cancel func()
}

func (t *ticker) running() bool { return t.cancel != nil }

// start runs the ticker anew, with its first tick after one interval.
func (t *ticker) start(every time.Duration) {
	t.startAt(every, t.env.Now().Add(every))
}

// startAt runs the ticker anew, with its first tick at due.
func (t *ticker) startAt(every time.Duration, due time.Time) {
	t.stop()
	t.every, t.due = every, due
	t.plan()
}

func (t *ticker) plan() {
	t.cancel = t.env.After(t.due.Sub(t.env.Now()), func() {
		t.due = t.due.Add(t.every)
		if now := t.env.Now(); t.due.Before(now) { // ticks that were missed are not made up for
			t.due = now.Add(t.every)
		}
		t.plan()
		t.tick()
	})
}

func (t *ticker) stop() {
	if t.cancel != nil {
		t.cancel()
		t.cancel = nil
	}
}

// reporter shows the number of held messages, at most twice a second.
type reporter struct {
	env    node.Env
	count  func() int
	cancel func()
}

const reportEvery = 500 * time.Millisecond

func (r *reporter) report() {
	if r.cancel == nil {
		r.cancel = r.env.After(reportEvery, func() {
			r.cancel = nil
			r.env.Status(depth(r.count()))
		})
	}
}

func (r *reporter) stop() {
	if r.cancel != nil {
		r.cancel()
		r.cancel = nil
	}
}
