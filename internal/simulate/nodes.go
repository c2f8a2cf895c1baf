package simulate

import (
	"errors"
	"hash/fnv"
	"time"

	"toban/internal/message"
	"toban/internal/node"
)

// The node types of the simulated flows have the real node contract and simple
// semantics, which check_semantics.go knows by heart.
func (p *process) types() *node.Registry {
	r := node.NewRegistry()
	for name, make := range map[string]func() node.Node{
		"pass":     func() node.Node { return &pass{} },
		"catch":    func() node.Node { return &pass{} },
		"complete": func() node.Node { return &pass{} },
		"status":   func() node.Node { return &pass{} },
		"link in":  func() node.Node { return &pass{} },
		"link out": func() node.Node { return &pass{} },
		"fan":      func() node.Node { return &fan{} },
		"switch":   func() node.Node { return &sort{} },
		"throw":    func() node.Node { return &throw{} },
		"count":    func() node.Node { return &count{} },
		"hold":     func() node.Node { return &hold{p: p} },
		"gather":   func() node.Node { return &gather{p: p} },
		"slow":     func() node.Node { return &slow{} },
		"act":      func() node.Node { return &act{p: p} },
		"ask":      func() node.Node { return &ask{} },
		"end":      func() node.Node { return &end{p: p} },
		"mails":    func() node.Node { return &mails{p: p} },
	} {
		r.Add(node.Type{Name: name, New: make})
	}
	return r
}

// pass sends on what it receives.
type pass struct{}

func (pass) Receive(step node.Step, msg *message.Object) error {
	step.Send(node.First(msg))
	return nil
}

// fan makes two messages of one.
type fan struct{}

func (fan) Receive(step node.Step, msg *message.Object) error {
	step.Send(node.First(fanned(msg)...))
	return nil
}

func fanned(msg *message.Object) []*message.Object {
	return []*message.Object{msg.With("part", "a"), msg.With("part", "b")}
}

// sort sends to one of two ports, by the payload.
type sort struct{}

func (sort) Receive(step node.Step, msg *message.Object) error {
	step.Send(node.Port(sorted(msg), msg))
	return nil
}

func sorted(msg *message.Object) int { return int(digest(msg) % 2) }

// throw fails for some payloads, with a message that has lost its error: what a
// function does that cleans its message up before it throws.
type throw struct {
	Always bool `flow:"always"`
}

var errThrown = errors.New("thrown")

func (n *throw) Receive(step node.Step, msg *message.Object) error {
	if throws(n.Always, msg) {
		return &node.Failure{Err: errThrown, Msg: msg.Without("error")}
	}
	step.Send(node.First(msg))
	return nil
}

func throws(always bool, msg *message.Object) bool { return always || digest(msg)%3 == 0 }

// digest is a number that only the event decides.
func digest(msg *message.Object) uint32 {
	h := fnv.New32a()
	_, _ = h.Write([]byte(msg.Text("event"))) // a hash takes everything
	return h.Sum32() >> 4
}

// count keeps a number in flow context, shows it as its status, and sends it along.
type count struct{ env node.Env }

func (n *count) Provision(env node.Env) error { n.env = env; return nil }

func (n *count) Receive(step node.Step, msg *message.Object) error {
	c := n.env.Context(node.FlowScope)
	v, err := c.Get("", "n")
	if err != nil {
		return err
	}
	old, _ := v.(float64)
	if err := c.Set("", "n", old+1); err != nil {
		return err
	}
	n.env.Status(node.Status{Text: "counted"})
	step.Send(node.First(msg.With("n", old+1)))
	return nil
}

// hold keeps a message for some seconds.
type hold struct {
	Seconds int `flow:"seconds" default:"5"`
	p       *process
	env     node.Env
}

func (n *hold) Provision(env node.Env) error { n.env = env; return nil }

func (n *hold) Receive(step node.Step, msg *message.Object) error {
	n.env.State().Put(node.Row{Value: msg, Step: step, Due: n.env.Now().Add(time.Duration(n.Seconds) * time.Second)})
	return nil
}

func (n *hold) Wake(row node.Row) error {
	if row.Step == nil {
		return n.p.stepless(n.env.ID())
	}
	n.env.State().Delete(row.Seq)
	row.Step.Send(node.First(row.Value.(*message.Object)))
	row.Step.Done()
	return nil
}

// gather waits for two messages, of any runs, and sends one; whatever waits too
// long goes on alone.
type gather struct {
	Seconds int `flow:"seconds" default:"60"`
	p       *process
	env     node.Env
}

func (n *gather) Provision(env node.Env) error { n.env = env; return nil }

func (n *gather) Receive(step node.Step, msg *message.Object) error {
	for _, row := range n.env.State().Rows() {
		n.env.State().Delete(row.Seq)
		row.Step.Done()
		step.Send(node.First(msg.With("gathered", row.Value.(*message.Object).Get("event"))))
		return nil
	}
	n.env.State().Put(node.Row{Value: msg, Step: step, Due: n.env.Now().Add(time.Duration(n.Seconds) * time.Second)})
	return nil
}

func (n *gather) Wake(row node.Row) error {
	if row.Step == nil {
		return n.p.stepless(n.env.ID())
	}
	n.env.State().Delete(row.Seq)
	row.Step.Send(node.First(row.Value.(*message.Object)))
	row.Step.Done()
	return nil
}

// slow is a function that waits on a timer of its own: nothing of the wait
// survives the process. With early it sends something before.
type slow struct {
	Early bool `flow:"early"`
	env   node.Env
}

func (n *slow) Provision(env node.Env) error { n.env = env; return nil }

func (n *slow) Receive(step node.Step, msg *message.Object) error {
	if n.Early {
		step.Send(node.First(msg.With("part", "early")))
	}
	step.Defer()
	n.env.After(3*time.Second, func() {
		step.Send(node.First(msg))
		step.Done()
	})
	return nil
}

// ask asks yes or no.
type ask struct {
	Minutes   int      `flow:"minutes" default:"30"`
	Approvers []string `flow:"approvers"`
}

func (n *ask) Ask(_ node.Step, msg *message.Object) (*node.Question, error) {
	return &node.Question{Title: "ok " + msg.Text("event") + "?", Channel: "duty", Timeout: time.Duration(n.Minutes) * time.Minute,
		Choices: []node.Choice{{Value: "yes"}, {Value: "no"}}, Approvers: n.Approvers}, nil
}

func (n *ask) Answered(step node.Step, msg *message.Object, a node.Answer) error {
	step.Send(node.First(msg.With("answer", a.Value)))
	return nil
}

// end is where a message leaves the flow.
type end struct {
	p   *process
	env node.Env
}

func (n *end) Provision(env node.Env) error { n.env = env; return nil }

func (n *end) Receive(_ node.Step, msg *message.Object) error {
	if !n.p.isDead() {
		n.p.h.mail.arrived(msg.Text("event"), n.env.ID())
	}
	return nil
}

// stepless notes that a row was woken whose step is gone: nobody waits for it.
func (p *process) stepless(at string) error {
	if !p.isDead() {
		p.h.violated("cut", "%s is woken for a message that nobody waits for", at)
	}
	return nil
}
