package functionnode

import (
	"errors"
	"time"

	"toban/internal/locale"
	"toban/internal/message"
	"toban/internal/node"
)

// The properties by which package link recognises calls.
const (
	sourceProperty = "_linkSource" // the stack of calls, as Node-RED names it
	returnProperty = "_linkReturn" // marks a message on its way back to a call
)

// linkCall is a node.linkcall that waits for its message to come back.
type linkCall struct {
	call    *call
	promise int // its number in the prelude
	cancel  func()
}

// opLinkCall is node.linkcall: linkcall(call, promise, target, msg, ms).
func (n *Function) opLinkCall(a arguments) (message.Value, error) {
	c := a.call()
	v, err := a.value(3)
	if err != nil {
		return nil, err
	}
	msg := asObject(v)
	if msg == nil || c == nil || c.step == nil {
		return nil, n.english("function.error.linkcallMsgInvalid")
	}
	target, err := n.linkTarget(a.text(2))
	if err != nil {
		return nil, err
	}
	id := message.NewID()
	l := &linkCall{call: c, promise: a.number(1)}
	n.links[id] = l
	l.cancel = n.env.After(time.Duration(a.number(4))*time.Millisecond, func() {
		n.linkEnded(id, nil, errors.New("timeout"))
	})
	stack, _ := msg.Get(sourceProperty).(*message.Array)
	if stack == nil {
		stack = message.NewArray()
	}
	address := message.NewObject("id", id, "node", n.env.ID())
	msg = msg.With(sourceProperty, stack.Append(address))
	return nil, n.later(func() error { c.step.SendTo(target, msg); return nil })
}

// linkTarget finds a link in node: by id, by name on the same flow, else on the
// only tab that has one of that name.
func (n *Function) linkTarget(target string) (string, error) {
	if typ, _, ok := n.env.Peer(target); ok && typ == "link in" {
		return target, nil
	}
	var here, elsewhere []string
	for _, p := range n.env.Peers("link in") {
		switch {
		case p.Name != target:
		case p.Flow == n.env.Flow():
			here = append(here, p.ID)
		case !p.Inside:
			elsewhere = append(elsewhere, p.ID)
		}
	}
	switch {
	case len(here) == 1:
		return here[0], nil
	case len(here) > 1, len(elsewhere) > 1:
		return "", n.english("function.linkcall_ambiguous", "target", target)
	case len(elsewhere) == 1:
		return elsewhere[0], nil
	}
	return "", n.english("function.linkcall_not_found", "target", target)
}

// english makes an error whose text is never a bare key, for code to compare.
func (n *Function) english(key string, pairs ...any) error {
	return errors.New(n.lang().Err(locale.Errorf(key, pairs...)))
}

// linkReturned takes a message that came back. The step that brought it ends
// here, without a word to the complete nodes.
func (n *Function) linkReturned(step node.Step, id string, msg *message.Object) {
	if q, ok := step.(node.Quieter); ok {
		q.Quiet()
	}
	n.linkEnded(id, msg, nil)
}

// linkEnded settles the promise of a call; one that is over already is left alone.
func (n *Function) linkEnded(id string, msg *message.Object, failure error) {
	l := n.links[id]
	if l == nil || n.vm == nil || n.closing {
		return
	}
	delete(n.links, id)
	l.cancel()
	err := n.turn(l.call, func() error {
		var v message.Value = msg
		if failure != nil {
			v = message.NewError("Error", failure.Error(), "")
		}
		value, err := n.vm.ToJS(v)
		if err != nil {
			return err
		}
		defer value.Free()
		done, err := n.vm.Call(n.fns.settle, n.vm.Int(l.promise), n.vm.Int(boolInt(failure != nil)), value)
		done.Free()
		return err
	})
	if err != nil {
		n.report(l.call, err)
		n.recover(err)
	}
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}
