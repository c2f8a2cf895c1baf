package functionnode

import (
	"fmt"

	"toban/internal/js"
	"toban/internal/message"
	"toban/internal/node"
)

// host answers what the prelude asks of Go.
func (n *Function) host(op string, args []js.Value) (message.Value, error) {
	f, ok := operations[op]
	if !ok {
		return nil, fmt.Errorf("no host function %q", op)
	}
	return f(n, arguments{n, args})
}

type operation func(n *Function, a arguments) (message.Value, error)

// operations are filled by init because some of them lead back to host.
var operations map[string]operation

func init() {
	operations = map[string]operation{
		"send":     (*Function).opSend,
		"error":    (*Function).opError,
		"done":     (*Function).opDone,
		"log":      (*Function).opLog,
		"status":   (*Function).opStatus,
		"settled":  (*Function).opSettled,
		"ctx.get":  (*Function).opContextGet,
		"ctx.set":  (*Function).opContextSet,
		"ctx.keys": (*Function).opContextKeys,
		"env":      (*Function).opEnv,
		"linkcall": (*Function).opLinkCall,
		"id":       func(*Function, arguments) (message.Value, error) { return message.NewID(), nil },
		"hash":     (*Function).opHash,
		"os":       (*Function).opOS,
		"text":     (*Function).opText,
	}
}

// arguments are those of one operation; a missing one is undefined.
type arguments struct {
	n    *Function
	list []js.Value
}

func (a arguments) raw(i int) js.Value {
	if i >= len(a.list) {
		return a.n.vm.Undefined()
	}
	return a.list[i]
}

func (a arguments) value(i int) (message.Value, error) { return a.n.vm.FromJS(a.raw(i)) }

func (a arguments) text(i int) string {
	v, err := a.value(i)
	if err != nil || v == nil {
		return ""
	}
	return message.ToString(v)
}

func (a arguments) number(i int) int {
	v, _ := a.value(i)
	f, _ := v.(float64)
	return int(f)
}

// call gives the call that an operation belongs to; nil: none that is still open.
func (a arguments) call() *call {
	id := a.number(0)
	if id == setupID {
		return a.n.setup
	}
	return a.n.calls[id]
}

// opSend is node.send(msgs, clone): send(call, msgs, clone). Without clone the
// message is read at the end of the turn, so that it shows what the code does
// to it meanwhile, as a message sent by reference does in Node-RED.
func (n *Function) opSend(a arguments) (message.Value, error) {
	c := a.call()
	if c == nil {
		c = &call{n: n}
	}
	if clone, _ := a.value(2); clone == false && n.turns > 0 {
		held := a.raw(1).Dup()
		n.atEnd(func() {
			defer held.Free()
			v, err := n.vm.FromJS(held)
			if err != nil {
				n.report(c, err)
				return
			}
			c.send(v)
		})
		return nil, nil
	}
	v, err := a.value(1)
	if err != nil {
		return nil, err
	}
	return nil, n.later(func() error { c.send(v); return nil })
}

// opError is node.error(what, msg): error(call, what, msg). Without a message
// object it is only logged.
func (n *Function) opError(a arguments) (message.Value, error) {
	what, err := a.value(1)
	if err != nil {
		return nil, err
	}
	if _, isBool := what.(bool); !isBool && !message.Truthy(what) {
		what = ""
	}
	m, err := a.value(2)
	if err != nil {
		return nil, err
	}
	c, msg := a.call(), asObject(m)
	return nil, n.later(func() error {
		if msg == nil || c == nil || c.step == nil {
			n.env.Log(node.Error, what)
			return nil
		}
		c.step.Error(node.Thrown{Value: what}, msg)
		return nil
	})
}

func asObject(v message.Value) *message.Object {
	o, _ := v.(*message.Object)
	return o
}

// opDone is node.done(): done(call).
func (n *Function) opDone(a arguments) (message.Value, error) {
	c := a.call()
	if c == nil || c.setup {
		return nil, nil
	}
	return nil, n.later(func() error { c.done(); return nil })
}

// opLog is node.log, warn, debug and trace: log(level, what).
func (n *Function) opLog(a arguments) (message.Value, error) {
	what, err := a.value(1)
	if err != nil {
		return nil, err
	}
	n.env.Log(node.Level(a.number(0)), what)
	return nil, nil
}

// opSettled says that the promise of a call has settled: settled(call, failed, value).
func (n *Function) opSettled(a arguments) (message.Value, error) {
	id, c := a.number(0), a.call()
	failed, _ := a.value(1)
	var err error
	if failed == true {
		err = n.rejection(a.raw(2))
	} else {
		err = n.resolved(id, a.raw(2))
	}
	switch {
	case id == setupID && err != nil:
		n.atEnd(func() { n.setup = nil; n.setupFailed(err) })
	case c != nil && err != nil:
		n.atEnd(func() { c.fail(err) })
	case c != nil:
		n.atEnd(c.review)
	}
	return nil, nil
}

func (n *Function) rejection(reason js.Value) error {
	v, err := n.vm.FromJS(reason)
	if err != nil {
		return err
	}
	return js.Thrown{Value: v}
}

// opEnv is env.get(name): env(name).
func (n *Function) opEnv(a arguments) (message.Value, error) {
	if v, ok := n.env.Getenv(a.text(0)); ok {
		return v, nil
	}
	return nil, nil
}

// opText gives a text of the catalogue for errors that the prelude throws.
func (n *Function) opText(a arguments) (message.Value, error) {
	return n.lang().Text(a.text(0)), nil
}
