package delay

import (
	"math"
	"slices"
	"time"

	"toban/internal/message"
	"toban/internal/node"
)

// noTopic is the topic that messages without one get.
const noTopic = "_none_"

// topics keeps the last message of each topic. At every tick one topic has its
// turn (queue), or all (timed).
type topics struct {
	*Node
	env    node.Env
	queue  queue
	ticks  ticker
	report reporter
	every  time.Duration
	began  time.Time // ticks are at multiples of every after it
}

func newTopics(n *Node, env node.Env) *topics {
	t := &topics{Node: n, env: env, queue: queue{env: env}, every: n.interval(), began: env.Now()}
	t.ticks = ticker{env: env, tick: t.tick}
	t.report = reporter{env: env, count: t.queue.len}
	env.Do(t.run)
	return t
}

// run ticks while something is held.
func (t *topics) run() {
	if t.queue.len() > 0 && !t.ticks.running() {
		t.ticks.startAt(t.every, t.nextTick())
	}
}

func (t *topics) nextTick() time.Time {
	passed := t.env.Now().Sub(t.began)
	return t.began.Add(passed.Truncate(t.every) + t.every)
}

func (t *topics) receive(step node.Step, msg *message.Object) {
	t.changeRate(msg)
	if !bare(msg, "flush", "reset") {
		t.keep(step, msg)
	}
	if has(msg, "flush") {
		t.flush(msg)
	}
	if has(msg, "reset") {
		t.reset()
	}
	t.run()
}

func (t *topics) changeRate(msg *message.Object) {
	if every, ok := asked(msg, "rate"); ok && t.AllowRate && every != t.every {
		t.every, t.began = max(every, shortest), t.env.Now()
		t.ticks.stop()
	}
}

// keep queues the message, in the place of the one with its topic if there is one.
func (t *topics) keep(step node.Step, msg *message.Object) {
	if !has(msg, "topic") {
		msg = msg.With("topic", noTopic)
	}
	same := slices.IndexFunc(t.queue.all(), func(e entry) bool {
		return message.StrictEqual(e.msg.Get("topic"), msg.Get("topic"))
	})
	if same < 0 {
		t.queue.push(step, msg, false)
		t.report.report()
		return
	}
	if old := t.queue.replace(same, step, msg); t.Outputs == 2 {
		old.send(1)
	} else {
		old.drop()
	}
}

func (t *topics) tick() {
	turn := 1
	if t.PauseType == "timed" {
		turn = math.MaxInt
	}
	for _, e := range t.queue.take(turn) {
		e.send(0)
	}
	if t.queue.len() == 0 {
		t.ticks.stop()
	}
	t.report.report()
}

func (t *topics) flush(msg *message.Object) {
	for _, e := range t.queue.take(flushed(msg, t.queue.len())) {
		e.msg = e.msg.Without("flush").Without("reset")
		e.send(0)
	}
	t.env.Status(node.Status{})
}

func (t *topics) reset() {
	for _, e := range t.queue.take(math.MaxInt) {
		e.drop()
	}
	t.every = t.interval()
	t.ticks.stop()
	t.env.Status(node.Status{Text: "reset"})
}

func (t *topics) stop() {
	t.ticks.stop()
	t.report.stop()
}

var _ mode = (*topics)(nil)
