package simulate

import (
	"context"
	"fmt"
	"time"

	"toban/internal/flow"
	"toban/internal/message"
)

// move is one thing that may happen next.
type move struct {
	weight int
	do     func()
}

// move chooses what happens next, and lets it happen.
func (h *history) move() {
	waiting := h.gates.sorted()
	if name, found := ambiguous(waiting); found {
		h.violated("simulation", "two ops are called %q", name)
		return
	}
	moves := h.outside(len(waiting) == 0)
	total := 12 * len(waiting)
	for _, m := range moves {
		total += m.weight
	}
	n := h.rng.IntN(total)
	if n < 12*len(waiting) {
		h.choose(waiting[n/12])
		return
	}
	n -= 12 * len(waiting)
	for _, m := range moves {
		if n -= m.weight; n < 0 {
			m.do()
			return
		}
	}
}

// choose lets the one who waits go on, well or not.
func (h *history) choose(o *op) {
	w := o.ways[0]
	if !h.calm && len(o.ways) > 1 && h.rng.IntN(1000) < h.mood.fault {
		w = o.ways[1+h.rng.IntN(len(o.ways)-1)]
		h.totals.Faults++
	}
	h.note("%s: %s", o.name, w.name)
	w.do()
	h.gates.release(o)
}

// outside lists what people, time and fate may do.
func (h *history) outside(idle bool) []move {
	var moves []move
	add := func(weight int, do func()) {
		if weight > 0 {
			moves = append(moves, move{weight, do})
		}
	}
	if h.clock.due() {
		add(12, h.fire)
	} else {
		add(h.mood.hurry, h.passTime)
		if idle {
			add(12, h.passTime)
		}
	}
	add(h.mood.turn, h.turnClock)
	if h.opts.Intrude != nil {
		add(1, h.intrude)
	}
	p := h.proc
	if p == nil {
		add(12, h.boot)
		return moves
	}
	add(h.mood.crash, h.crash)
	if p.is(&p.up) {
		h.withServer(p, add)
	}
	return moves
}

// withServer lists what may happen while a server runs.
func (h *history) withServer(p *process, add func(int, func())) {
	if len(h.mail.order) < h.mood.mails {
		add(6, h.newMail)
	}
	if len(h.mail.waiting()) > 0 {
		add(6, h.poll)
	}
	if len(h.mail.order) > 0 {
		add(1, h.again)
	}
	if len(h.asked) > 0 {
		add(h.mood.people, h.answer)
	}
	if p.is(&p.stopping) {
		return
	}
	add(h.mood.push, h.push)
	if !p.is(&p.deploying) && !p.is(&p.cancelling) {
		if len(h.runs) > 0 {
			add(h.mood.cancel, h.cancel)
		}
		add(h.mood.stop, func() { h.stop(time.Duration(h.rng.IntN(3)) * time.Second) })
		add(h.mood.deploy, h.redeploy)
	}
}

func (h *history) fire() {
	h.note("a timer")
	h.clock.fire()
}

// passTime sleeps until the next timer, just before it, or a little; whoever
// comes to a gate meanwhile ends the sleep.
func (h *history) passTime() {
	d := 5 * time.Second
	if h.calm {
		d = time.Hour
	}
	if t := h.clock.next(); t != nil {
		d = time.Until(t.at)
		if h.rng.IntN(4) == 0 {
			d -= time.Millisecond
		}
	}
	if !h.calm && h.rng.IntN(3) == 0 {
		d = min(d, time.Duration(h.rng.IntN(3000))*time.Millisecond)
	}
	if p := h.proc; p != nil && p.is(&p.stopping) {
		d = min(d, 50*time.Millisecond)
	}
	h.sleep(max(d, time.Microsecond))
}

func (h *history) sleep(d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-h.gates.arrived:
	}
	h.note("time passes")
}

func (h *history) turnClock() {
	by := time.Duration(h.rng.IntN(241)-120) * time.Second
	h.note("the clock is turned by %v", by)
	h.clock.turn(by)
}

func (h *history) newMail() {
	m := h.mail.add(pick(h.rng, h.plan.sources()...))
	h.note("%s comes to %s", m.key, m.source)
	h.deliver(m)
}

// poll delivers a mail that is not marked yet.
func (h *history) poll() {
	m := pick(h.rng, h.mail.waiting()...)
	h.note("%s is fetched", m.key)
	h.deliver(m)
}

// again delivers a mail that was delivered before, or is being delivered.
func (h *history) again() {
	m := h.mail.mails[pick(h.rng, h.mail.order...)]
	h.note("%s comes again", m.key)
	h.deliver(m)
}

// answer is a click, of anybody, on a question of any age; now and then two at once.
func (h *history) answer() {
	id := pick(h.rng, h.asked...)
	if open := h.open(); len(open) > 0 && h.rng.IntN(5) > 0 {
		id = pick(h.rng, open...)
	}
	q, err := h.disk.Question(context.Background(), id)
	if err != nil {
		h.violated("P5", "question %s is lost: %v", id, err)
		return
	}
	choices := 2
	if q.Kind == "unknown" {
		choices = 4
	}
	for range 1 + h.rng.IntN(3)/2 {
		h.clicks++
		person, choice := pick(h.rng, people...), h.rng.IntN(choices)
		h.note("answer %d: %s says %d to %s", h.clicks, person, choice, id)
		h.click(id, person, choice, h.clicks)
	}
}

// open lists the questions that have not ended.
func (h *history) open() []string {
	var open []string
	for _, id := range h.asked {
		if _, ended := h.desk.ended[id]; !ended {
			open = append(open, id)
		}
	}
	return open
}

// cancel ends a run, if it is open.
func (h *history) cancel() {
	run, p := pick(h.rng, h.runs...), h.proc
	h.clicks++
	nr := h.clicks
	h.note("cancel %d of %s", nr, run)
	p.mu.Lock()
	p.cancelling = true
	p.mu.Unlock()
	go func() {
		err := p.engine.Cancel(p.life, run)
		p.mu.Lock()
		p.cancelling = false
		p.mu.Unlock()
		if p.isDead() {
			return
		}
		h.tell("cancel %d: %s", nr, outcome(err))
		if err == nil {
			h.mu.Lock()
			h.cancelled[run] = true
			h.mu.Unlock()
		}
	}()
}

// push presses a button at a node.
func (h *history) push() {
	h.pushed++
	id, p, event := pick(h.rng, h.plan.nodes()...), h.proc, fmt.Sprintf("b%d", h.pushed)
	h.note("%s is pushed into %s", event, id)
	go func() {
		_, err := p.engine.Inject(as(p.life, event), id, message.NewObject("event", event, "_msgid", "id-"+event))
		_ = err // ErrNoNode: the deploy that has it is still to come
	}()
}

// redeploy changes the flow file and deploys it.
func (h *history) redeploy() {
	h.plan = h.plan.changed(h.rng)
	h.totals.Deploys++
	h.deploy(h.plan.file(), pick(h.rng, flow.Full, flow.Flows, flow.Nodes))
}
