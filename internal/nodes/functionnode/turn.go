package functionnode

import (
	"toban/internal/js"
	"toban/internal/node"
)

// turn runs f, which enters JavaScript on behalf of c, then the promise jobs,
// then what had to wait for the end of the turn.
func (n *Function) turn(c *call, f func() error) error {
	outer := n.current
	n.current = c
	n.turns++
	err := f()
	if jobs := n.vm.RunJobs(); err == nil {
		err = jobs
	}
	n.turns--
	n.current = outer
	if n.turns == 0 {
		n.flush()
	}
	return err
}

// later does f now, or after what already waits for the end of the turn, so
// that messages leave in the order in which they were sent.
func (n *Function) later(f func() error) error {
	if len(n.after) == 0 {
		return f()
	}
	n.atEnd(func() { _ = f() }) // f reports its own errors by then
	return nil
}

func (n *Function) atEnd(f func()) { n.after = append(n.after, f) }

func (n *Function) flush() {
	for len(n.after) > 0 {
		f := n.after[0]
		n.after = n.after[1:]
		f()
	}
	n.after = nil
}

// restart throws away a VM that was stopped in the middle of its work; the next
// message makes a new one. Calls that wait for its timers or promises fail.
func (n *Function) restart() {
	for _, t := range n.timers {
		t.cancel()
	}
	clear(n.timers)
	for _, c := range n.calls {
		c.timers = 0
		if !c.ended && c.deferred {
			c.ended = true
			c.step.Fail(n.interrupted())
		}
	}
	n.discard()
	clear(n.calls)
	n.after = nil
	n.state = asleep
	if n.code.initialize != nil {
		n.state = setting
		n.env.Do(n.begin)
	}
}

// fired runs a timer's callback. What it throws is an error without a message
// of its own, as in Node-RED.
func (n *Function) fired(id int, t *timer) {
	if n.closing || n.vm == nil {
		return
	}
	last := !t.repeat
	if last {
		delete(n.timers, id)
	}
	err := n.turn(t.call, func() error { return n.vm.Fire(id, last) })
	if err != nil {
		n.report(t.call, err)
	}
	if last {
		t.over()
	}
	n.recover(err)
}

// recover makes a new VM necessary if the limit left promise jobs behind, as
// they may go on for ever.
func (n *Function) recover(err error) {
	if js.Stopped(err) && n.vm != nil && n.vm.JobsLeft() {
		n.restart()
	}
}

func (n *Function) report(c *call, err error) {
	err = n.asThrown(err)
	if c != nil && c.step != nil {
		c.step.Error(err, emptyMessage)
		return
	}
	n.env.Log(node.Error, err)
}
