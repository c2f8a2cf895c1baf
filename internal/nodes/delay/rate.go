package delay

import (
	"math"
	"time"

	"toban/internal/locale"
	"toban/internal/message"
	"toban/internal/node"
)

// rate lets messages through one by one with pauses between them. What comes
// too early waits, or is dropped.
type rate struct {
	*Node
	env    node.Env
	queue  queue
	ticks  ticker
	report reporter
	every  time.Duration // between two messages; msg.rate may change it
	passed time.Time     // when the last one passed, with Drop
}

func newRate(n *Node, env node.Env) *rate {
	r := &rate{Node: n, env: env, queue: queue{env: env}, every: n.interval()}
	r.ticks = ticker{env: env, tick: r.tick}
	r.report = reporter{env: env, count: r.queue.len}
	env.Do(func() { // what was held before a restart goes on at the same pace
		if r.queue.len() > 0 {
			r.ticks.start(r.every)
		}
	})
	return r
}

func (r *rate) receive(step node.Step, msg *message.Object) {
	switch {
	case r.Drop:
		r.pass(step, msg)
	default:
		if !bare(msg, "flush") {
			r.take(step, msg)
		}
		if has(msg, "flush") {
			r.flush(msg)
		}
	}
	if has(msg, "reset") {
		r.reset(!has(msg, "flush"))
	}
}

// take lets the first message through and queues those that follow.
func (r *rate) take(step node.Step, msg *message.Object) {
	changed := r.changeRate(msg)
	switch {
	case !r.ticks.running():
		r.takeFirst(step, msg)
	case r.full():
		r.overflow(step)
	default:
		if changed {
			r.ticks.start(r.every)
		}
		r.queue.push(step, msg.Without("flush"), msg.Get("toFront") == true)
		r.report.report()
	}
}

// takeFirst lets a message through that needs not wait. One that resets the
// node goes only if it flushes it too.
func (r *rate) takeFirst(step node.Step, msg *message.Object) {
	switch out := msg.Without("flush"); {
	case !has(msg, "reset"):
		step.Send(node.First(out))
	case has(msg, "flush"):
		r.queue.push(step, out, false)
	}
	r.report.report()
	r.ticks.start(r.every)
}

func (r *rate) changeRate(msg *message.Object) bool {
	if !r.AllowRate {
		return false
	}
	every, ok := asked(msg, "rate")
	every = max(every, shortest)
	if !ok || every == r.every {
		return false
	}
	r.every = every
	return true
}

func (r *rate) full() bool {
	most, _ := r.env.Setting("nodeMessageBufferMaxLength").(float64)
	return most > 0 && float64(r.queue.len()) >= most
}

// overflow drops all that is held, as Node-RED does, and says so.
func (r *rate) overflow(step node.Step) {
	dropped := r.queue.take(math.MaxInt)
	for _, e := range dropped {
		e.drop()
	}
	r.env.Log(node.Warn, locale.Errorf("delay.dropped", "node", r.env.Label(), "count", len(dropped)))
	step.Fail(locale.Errorf("delay.errors.too-many"))
}

// tick lets the next message go; when there is none the next to come needs not wait.
func (r *rate) tick() {
	next := r.queue.take(1)
	if len(next) == 0 {
		r.ticks.stop()
	}
	for _, e := range next {
		e.send(0)
	}
	r.report.report()
}

func (r *rate) flush(msg *message.Object) {
	out := r.queue.take(flushed(msg, r.queue.len()))
	for _, e := range out {
		e.msg = e.msg.Without("reset")
		if bare(e.msg) {
			e.drop()
		} else {
			e.send(0)
		}
	}
	if len(out) > 0 {
		r.ticks.start(r.every)
	} else {
		r.ticks.stop()
	}
	r.env.Status(depth(r.queue.len()))
}

// reset drops what is held. stop says that the next message needs not wait.
func (r *rate) reset(stop bool) {
	if stop {
		r.ticks.stop()
		r.passed = time.Time{}
	}
	for _, e := range r.queue.take(math.MaxInt) {
		e.drop()
	}
	r.every = r.interval()
	r.env.Status(cleared())
}

// pass lets the message through if the last one is long enough ago; else it
// goes to the second output, if there is one.
func (r *rate) pass(step node.Step, msg *message.Object) {
	if has(msg, "reset") {
		return
	}
	r.changeRate(msg)
	now := r.env.Now()
	switch {
	case r.passed.IsZero() || now.Sub(r.passed) > r.every:
		r.passed = now
		step.Send(node.First(msg))
	case r.Outputs == 2:
		step.Send(node.Port(1, msg))
	}
}

func (r *rate) stop() {
	r.ticks.stop()
	r.report.stop()
}

var _ mode = (*rate)(nil)
