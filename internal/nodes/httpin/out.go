package httpin

import (
	"context"
	"math"

	"toban/internal/failpoint"
	"toban/internal/locale"
	"toban/internal/message"
	"toban/internal/node"
)

// Out is an http response node.
type Out struct {
	StatusCode string        `flow:"statusCode"` // "" for the message's
	Headers    message.Value `flow:"headers"`

	env    node.Env
	status int
}

// Provision reads the status.
func (n *Out) Provision(env node.Env) error {
	n.env = env
	if s := parseInt(n.StatusCode); s != 0 {
		if !validStatus(s) {
			return locale.Errorf("httpin.bad_status", "status", n.StatusCode)
		}
		n.status = s
	}
	return nil
}

// Plan makes the answer. It is a local effect: a client that waits for it is in
// this process, and after a crash there is none. The rehearsal of an earlier run
// never had one: the answer is only shown.
func (n *Out) Plan(step node.Step, msg *message.Object) (*node.Effect, error) {
	handle, ok := msg.Get("res").(*message.Handle)
	if !ok {
		n.env.Log(node.Warn, locale.Errorf("httpin.errors.no-response"))
		return nil, nil
	}
	x, waits := handle.Ref.(*exchange)
	r, err := n.reply(msg)
	if err != nil {
		if waits {
			x.failed.make() // the client needn't wait until its time is up
		}
		return nil, err
	}
	real := waits || !step.Rehearsal()
	return &node.Effect{
		Local: real,
		Safe:  real,
		Preview: node.Preview{
			Action: n.env.Lang().Text("httpin.action"),
			Detail: r.preview(),
		},
		Perform: func(context.Context, node.Key) (node.Outputs, error) {
			if !waits || !x.give(r) {
				n.env.Log(node.Warn, locale.Errorf("httpin.client_gone"))
			}
			failpoint.Here(failpoint.WebhookReplied)
			return nil, nil
		},
	}, nil
}

// reply makes the answer of the node's settings and the message, which fills in
// what the node leaves open.
func (n *Out) reply(msg *message.Object) (*reply, error) {
	r := &reply{status: n.status, header: map[string][]string{}}
	if r.status == 0 {
		if r.status = parseInt(msg.Get("statusCode")); r.status == 0 {
			r.status = 200
		}
	}
	if !validStatus(r.status) {
		return nil, locale.Errorf("httpin.bad_status", "status", message.ToString(msg.Get("statusCode")))
	}
	if err := r.setHeaders(n.Headers, msg.Get("headers")); err != nil {
		return nil, err
	}
	if err := r.setCookies(msg.Get("cookies")); err != nil {
		return nil, err
	}
	r.setBody(msg.Get("payload"))
	return r, nil
}

// parseInt is JavaScript's parseInt for status codes; 0 when there is none.
func parseInt(v message.Value) int {
	f := message.ToNumber(leadingDigits(message.ToString(v)))
	if math.IsNaN(f) || f > 1e6 {
		return 0
	}
	return int(f)
}

func leadingDigits(s string) string {
	s = message.TrimSpace(s)
	i := 0
	for i < len(s) && s[i] >= '0' && s[i] <= '9' {
		i++
	}
	return s[:i]
}

// validStatus leaves out what can't end a request.
func validStatus(s int) bool { return s >= 200 && s <= 999 }

var (
	_ node.Provisioner = (*Out)(nil)
	_ node.Planner     = (*Out)(nil)
)
