package inject

import (
	_ "embed"
	"strings"

	"github.com/robfig/cron/v3"

	"toban/internal/locale"
	"toban/internal/message"
	"toban/internal/node"
)

//go:embed texts.json
var texts []byte

var _ = locale.Register(texts)

// Inject is an inject node.
type Inject struct {
	Props     message.Value `flow:"props"` // a list of property, value and type
	Repeat    message.Value `flow:"repeat"`
	Crontab   string        `flow:"crontab"`
	Once      bool          `flow:"once"`
	OnceDelay float64       `flow:"onceDelay"` // seconds, 0.1 if it is 0

	// The properties of old flow files, and values that props leaves out.
	Payload     message.Value `flow:"payload"`
	PayloadType message.Value `flow:"payloadType"`
	Topic       message.Value `flow:"topic"`

	env      node.Env
	props    []property
	every    float64 // seconds
	schedule cron.Schedule
}

// Register adds the type to a registry.
func Register(r *node.Registry) {
	r.Add(node.Type{Name: "inject", New: func() node.Node { return &Inject{} }})
}

// Provision reads the properties and the schedule. A value that can't be, such as
// an expression that doesn't parse, is reported now and for every message.
func (in *Inject) Provision(env node.Env) (err error) {
	in.env = env
	in.props = in.configured()
	for _, p := range in.props {
		if p.err != nil {
			env.Log(node.Error, p.explain(p.err))
		}
	}
	if in.every = message.ToNumber(in.Repeat); in.every > maxRepeat {
		env.Log(node.Error, locale.Errorf("inject.errors.toolong", "repeat", message.ToString(in.Repeat)))
		in.every = 0
	}
	if in.Crontab != "" {
		in.schedule, err = parseCron(in.Crontab)
	}
	return err
}

// overrideProperty holds properties that replace the configured ones, when a
// person edits them in the editor before pressing the button.
const overrideProperty = "__user_inject_props__"

// Receive sets the properties in msg and sends it on. All that fail are named
// in one error.
func (in *Inject) Receive(step node.Step, msg *message.Object) error {
	props := in.props
	if list, ok := msg.Get(overrideProperty).(*message.Array); ok {
		props = readProps(list)
	}
	msg = msg.Without(overrideProperty)
	var failed []error
	for _, p := range props {
		next, err := in.set(msg, p)
		if err != nil {
			failed = append(failed, err)
			continue
		}
		msg = next
	}
	switch len(failed) {
	case 0:
		step.Send(node.First(msg))
		return nil
	case 1:
		return failed[0]
	}
	all := make([]string, len(failed))
	for i, err := range failed {
		all[i] = in.env.Lang().Err(err)
	}
	return locale.Errorf("inject.failed", "error", strings.Join(all, "; "))
}

var (
	_ node.Provisioner = (*Inject)(nil)
	_ node.Receiver    = (*Inject)(nil)
	_ node.Source      = (*Inject)(nil)
)
