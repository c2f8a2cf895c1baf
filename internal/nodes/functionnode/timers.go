package functionnode

import (
	"time"

	"toban/internal/message"
)

var emptyMessage = message.NewObject()

// timer is a setTimeout or setInterval that is under way.
type timer struct {
	cancel func()
	repeat bool
	call   *call // that started it
}

// startTimer starts a timer or restarts it. A time-out keeps the step of the
// call that started it open; an interval doesn't, it may never end.
func (n *Function) startTimer(id int, d time.Duration, repeat bool) {
	n.stopTimer(id)
	t := &timer{repeat: repeat, call: n.current}
	if !repeat && t.call != nil {
		t.call.timers++
	}
	n.timers[id] = t
	n.schedule(id, t, d)
}

func (n *Function) schedule(id int, t *timer, d time.Duration) {
	t.cancel = n.env.After(d, func() {
		if n.timers[id] != t {
			return
		}
		if t.repeat {
			n.schedule(id, t, d)
		}
		n.fired(id, t)
	})
}

func (n *Function) stopTimer(id int) {
	t := n.timers[id]
	if t == nil {
		return
	}
	t.cancel()
	delete(n.timers, id)
	if !t.repeat {
		t.over()
	}
}

// over takes a time-out off its call, which may end the call's step.
func (t *timer) over() {
	if t.call == nil || t.call.timers == 0 {
		return
	}
	t.call.timers--
	t.call.review()
}
