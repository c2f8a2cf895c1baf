package functionnode

import (
	"toban/internal/js"
	"toban/internal/message"
	"toban/internal/node"
)

// call is one message in the hands of the code, until nothing of it is open.
type call struct {
	n        *Function
	id       int
	setup    bool
	step     node.Step // nil for the set-up code
	in       *message.Object
	msg      js.Value // the code's copy of the message
	hasMsg   bool
	returned bool // the code is at its end
	ended    bool // the step is
	deferred bool
	timers   int // time-outs that are under way
}

// Receive hands the message to the code.
func (n *Function) Receive(step node.Step, msg *message.Object) error {
	if id, back := msg.Lookup(returnProperty); back {
		n.linkReturned(step, message.ToString(id), msg.Without(returnProperty))
		return nil
	}
	c := &call{n: n, step: step, in: msg}
	switch n.state {
	case broken:
		return n.failure
	case setting:
		c.deferStep()
		n.waiting = append(n.waiting, c)
		return nil
	}
	return n.run(c)
}

// run calls the code. It leaves the step to its caller if it is at its end
// already, and defers it otherwise.
func (n *Function) run(c *call) error {
	if err := n.wake(); err != nil {
		return err
	}
	n.state = ready
	n.lastCall++
	c.id = n.lastCall
	n.calls[c.id] = c
	err := n.turn(c, func() error { return n.invoke(c) })
	switch {
	case err != nil:
		failure := c.failure(err)
		c.returned, c.ended = true, true
		n.drop(c)
		n.recover(err)
		return failure
	case c.settled():
		n.drop(c)
		if c.deferred && !c.ended {
			c.ended = true
			c.step.Done()
		}
		return nil
	}
	c.deferStep()
	return nil
}

func (n *Function) invoke(c *call) error {
	msg, err := n.vm.ToJS(c.in)
	if err != nil {
		return err
	}
	c.msg, c.hasMsg = msg, true
	handle, err := n.vm.Call(n.fns.makeNode, n.vm.Int(c.id))
	if err != nil {
		return err
	}
	defer handle.Free()
	result, err := n.vm.Call(n.fns.main, msg, handle)
	if err != nil {
		return err
	}
	defer result.Free()
	if err := n.vm.RunJobs(); err != nil {
		return err
	}
	return n.await(c.id, result)
}

// await takes the result of the code, now or when its promise settles.
func (n *Function) await(id int, result js.Value) error {
	state, value, err := n.vm.Promise(result)
	defer value.Free()
	switch state {
	case js.NoPromise:
		return n.resolved(id, result)
	case js.Fulfilled:
		return n.resolved(id, value)
	case js.Rejected:
		return err
	}
	done, err := n.vm.Call(n.fns.watch, result, n.vm.Int(id))
	done.Free()
	return err
}

// resolved sends what the code returned.
func (n *Function) resolved(id int, result js.Value) error {
	if id == setupID {
		n.setup = nil
		n.setupDone()
		return nil
	}
	c := n.calls[id]
	if c == nil {
		return nil
	}
	v, err := n.vm.FromJS(result)
	if err != nil {
		return err
	}
	c.returned = true
	return n.later(func() error { c.send(v); return nil })
}

// settled reports whether nothing of the call is open.
func (c *call) settled() bool {
	return c.returned && c.timers == 0 && (c.ended || !c.n.code.callsDone)
}

func (c *call) deferStep() {
	if !c.deferred {
		c.deferred = true
		c.step.Defer()
	}
}

// review ends the step of a call that is settled.
func (c *call) review() {
	if c.setup || !c.deferred || !c.settled() {
		return
	}
	c.n.drop(c)
	if !c.ended {
		c.ended = true
		c.step.Done()
	}
}

// done is node.done().
func (c *call) done() {
	if c.ended {
		return
	}
	c.ended = true
	c.step.Done()
}

// fail ends a call that is deferred.
func (c *call) fail(err error) {
	c.returned = true
	if !c.ended {
		c.ended = true
		c.step.Fail(c.failure(err))
	}
	c.n.drop(c)
}

func (n *Function) drop(c *call) {
	if n.calls[c.id] == c && c.timers == 0 {
		delete(n.calls, c.id)
		c.free()
	}
}

func (c *call) free() {
	if c.hasMsg {
		c.hasMsg = false
		c.msg.Free()
	}
}
