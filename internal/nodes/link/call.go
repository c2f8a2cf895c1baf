package link

import (
	"errors"
	"fmt"
	"math"
	"time"

	"toban/internal/locale"
	"toban/internal/message"
	"toban/internal/node"
)

// Call is a link call node: it sends messages to a link in node and waits for
// them to come back through a link out in return mode.
type Call struct {
	Links    message.Value `flow:"links"`    // the link in to call: a list with its id, or the id
	LinkType string        `flow:"linkType"` // static, dynamic (msg.target says which)
	Timeout  message.Value `flow:"timeout"`  // seconds, 30 if it is no number

	env   node.Env
	limit time.Duration
}

const defaultTimeout = 30 * time.Second

// errTimeout has this text in every language: flows compare msg.error.message with it.
var errTimeout = errors.New("timeout")

// severalTargets ends the key of the text for a name that several link in nodes
// have. Node-RED has no key for it, so this one is written as its text begins.
const severalTargets = "Multiple link-in nodes"

// Provision reads the timeout.
func (c *Call) Provision(env node.Env) error {
	c.env, c.limit = env, defaultTimeout
	if text := message.ToString(c.Timeout); !message.IsNullish(c.Timeout) && text != "" {
		if s := message.ToNumber(text); !math.IsNaN(s) && math.Abs(s) < math.MaxInt64/float64(time.Second) {
			c.limit = time.Duration(s * float64(time.Second))
		}
	}
	return nil
}

// Receive begins a call, or ends the one that msg returns from. The step of the
// call stays open until then.
func (c *Call) Receive(step node.Step, msg *message.Object) error {
	if id, back := msg.Lookup(returnProperty); back {
		c.returned(step, message.ToString(id), msg.Without(returnProperty))
		return nil
	}
	target, err := c.target(msg)
	if err != nil {
		return err
	}
	call := fmt.Sprintf("%s.%d", step.Run(), step.Seq())
	c.env.State().Put(node.Row{Key: call, Value: target, Due: c.env.Now().Add(c.limit), Step: step})
	stack, _ := msg.Get(sourceProperty).(*message.Array)
	if stack == nil {
		stack = message.NewArray()
	}
	address := message.NewObject("id", call, "node", c.env.ID())
	step.SendTo(target, msg.With(sourceProperty, stack.Append(address)))
	return nil
}

// returned sends what came back from where the call was made. A message that
// comes back once more, or too late, is sent all the same, as in Node-RED.
func (c *Call) returned(step node.Step, call string, msg *message.Object) {
	if q, ok := step.(node.Quieter); ok {
		q.Quiet()
	}
	for _, row := range c.env.State().Rows() {
		if row.Key == call && row.Step != nil {
			row.Step.Send(node.First(msg))
			c.env.State().Delete(row.Seq)
			row.Step.Done()
			return
		}
	}
	step.Send(node.First(msg))
}

// Wake fails a call that nothing returned from in time.
func (c *Call) Wake(row node.Row) error {
	c.env.State().Delete(row.Seq)
	if row.Step != nil {
		row.Step.Fail(errTimeout)
	}
	return nil
}

// target finds the link in to call: by id; if the message names it, also by
// name on the same flow, else on the only tab that has one of that name.
func (c *Call) target(msg *message.Object) (string, error) {
	if c.LinkType != "dynamic" {
		return c.byID(c.fixed())
	}
	name := ""
	if v := msg.Get("target"); !message.IsNullish(v) {
		name = message.ToString(v)
	}
	if id, err := c.byID(name); err == nil {
		return id, nil
	}
	var here, elsewhere []string
	for _, p := range c.env.Peers(typeIn) {
		if p.Name != name || name == "" {
			continue
		}
		if p.Flow == c.env.Flow() {
			here = append(here, p.ID)
		}
		if !p.Inside {
			elsewhere = append(elsewhere, p.ID)
		}
	}
	switch {
	case len(here) == 1:
		return here[0], nil
	case len(elsewhere) == 1:
		return elsewhere[0], nil
	case len(elsewhere) > 1:
		return "", locale.Errorf("link.errors."+severalTargets, "name", name)
	}
	return "", locale.Errorf("link.target_not_found", "target", name)
}

func (c *Call) fixed() string {
	switch links := c.Links.(type) {
	case string:
		return links
	case *message.Array:
		id, _ := links.At(0).(string)
		return id
	}
	return ""
}

func (c *Call) byID(id string) (string, error) {
	if typ, _, ok := c.env.Peer(id); ok && typ == typeIn {
		return id, nil
	}
	return "", locale.Errorf("link.target_not_found", "target", id)
}

var (
	_ node.Provisioner = (*Call)(nil)
	_ node.Receiver    = (*Call)(nil)
	_ node.Waker       = (*Call)(nil)
)
