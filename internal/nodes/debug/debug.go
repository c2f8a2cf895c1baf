package debug

import (
	"context"
	_ "embed"
	"strings"
	"time"

	"toban/internal/expr"
	"toban/internal/inspect"
	"toban/internal/locale"
	"toban/internal/message"
	"toban/internal/node"
)

//go:embed texts.json
var texts []byte

var _ = locale.Register(texts)

// Debug is a debug node.
type Debug struct {
	Active     bool   `flow:"active" default:"true"`
	ToSidebar  bool   `flow:"tosidebar" default:"true"`
	Console    bool   `flow:"console"`
	ToStatus   bool   `flow:"tostatus"`
	Complete   string `flow:"complete"`   // a property of msg; "true": all of it; "false": payload
	TargetType string `flow:"targetType"` // msg, full, jsonata (then Complete is an expression)
	StatusVal  string `flow:"statusVal"`
	StatusType string `flow:"statusType" default:"auto"` // auto, msg, counter, jsonata

	env       node.Env
	shown     shower // what goes to the sidebar and the log
	mark      shower // what goes to the status
	whole     bool   // shown is all of msg
	oldStatus node.Status
	counter   int
	last      time.Time
	cancel    func() // a count that waits to be shown
}

// Register adds the type to a registry.
func Register(r *node.Registry) {
	r.Add(node.Type{Name: "debug", New: func() node.Node { return &Debug{} }})
}

// Provision compiles the expressions.
func (d *Debug) Provision(env node.Env) (err error) {
	d.env, d.last = env, env.Now()
	if d.Complete == "" || d.Complete == "false" {
		d.Complete = "payload"
	}
	if d.StatusVal == "" {
		d.StatusVal = d.Complete
	}
	d.whole = d.Complete == "true" && d.TargetType != "jsonata"
	if d.shown, err = d.compile(d.Complete, d.TargetType == "jsonata"); err != nil {
		return err
	}
	if d.mark, err = d.compile(d.StatusVal, d.StatusType == "jsonata"); err != nil {
		return err
	}
	if d.StatusType == "counter" {
		d.showCount()
	}
	return nil
}

// SetActive switches the sidebar on and off until the next deploy, for the
// button in the editor. It must be called in the node's loop.
func (d *Debug) SetActive(active bool) { d.Active = active }

// shower takes what is to be shown out of a message.
type shower func(msg *message.Object) (message.Value, error)

func (d *Debug) compile(what string, jsonata bool) (shower, error) {
	if jsonata {
		e, err := expr.CompileJSONata(what)
		if err != nil {
			return nil, invalid(what, err)
		}
		return func(msg *message.Object) (message.Value, error) {
			v, err := e.Eval(context.Background(), node.VarsOf(d.env), msg)
			if err != nil {
				return nil, invalid(what, err)
			}
			return v, nil
		}, nil
	}
	path, err := message.ParseMsgPath(what)
	if err != nil { // as in Node-RED, a property that can't be is undefined
		return func(*message.Object) (message.Value, error) { return nil, nil }, nil //nolint:nilerr // see above
	}
	return func(msg *message.Object) (message.Value, error) {
		v, _ := path.Get(msg)
		return v, nil
	}, nil
}

func invalid(expr string, cause error) error {
	return locale.Errorf("debug.invalid-exp", "error", expr).Because(cause)
}

// Receive shows msg. An expression that fails is only logged: a debug node must
// not set off the catch nodes.
func (d *Debug) Receive(_ node.Step, msg *message.Object) error {
	if d.own(msg) {
		return nil
	}
	if d.ToStatus {
		d.showStatus(msg)
	}
	if d.whole {
		d.publish(msg, "", msg)
		return nil
	}
	v, err := d.shown(msg)
	if err != nil {
		d.env.Log(node.Error, err)
		return nil
	}
	property := d.Complete
	if d.TargetType == "jsonata" {
		property = ""
	}
	d.publish(msg, property, v)
	return nil
}

// own reports whether msg brings this node's own status, which it must not show.
func (d *Debug) own(msg *message.Object) bool {
	status, _ := msg.Get("status").(*message.Object)
	source, _ := status.Get("source").(*message.Object)
	return source.Text("id") == d.env.ID()
}

func (d *Debug) publish(msg *message.Object, property string, v message.Value) {
	if d.Console {
		d.env.Log(node.Info, consoleText(v))
	}
	if d.Active && d.ToSidebar {
		d.env.Debug(node.Debug{Topic: msg.Get("topic"), Property: property, Msg: v})
	}
}

// consoleDepth is how deep objects are shown in the log.
const consoleDepth = 10

// consoleText prints a value for the log. What has several lines begins on its own.
func consoleText(v message.Value) string {
	switch v := v.(type) {
	case string:
		if strings.Contains(v, "\n") {
			return "\n" + v
		}
		return v
	case message.Null, *message.Object, *message.Array, message.Buffer, message.Date, *message.Handle:
		return "\n" + inspect.Text(v, consoleDepth)
	}
	return inspect.Text(v, consoleDepth)
}

// Close takes the status away.
func (d *Debug) Close(bool) error {
	if d.cancel != nil {
		d.cancel()
	}
	if d.ToStatus {
		d.env.Status(node.Status{})
	}
	return nil
}

var (
	_ node.Provisioner = (*Debug)(nil)
	_ node.Receiver    = (*Debug)(nil)
	_ node.Closer      = (*Debug)(nil)
)
