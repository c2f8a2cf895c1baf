package functionnode

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"

	"toban/internal/js"
	"toban/internal/locale"
	"toban/internal/message"
	"toban/internal/node"
)

// place finds the line and column in the first frame of a stack.
var place = regexp.MustCompile(`\(?<(?:eval|evalScript|input)>:(\d+)(?::(\d+))?\)?`)

// quotedName is how the engine says it; Node.js, and so people's catch nodes,
// know it without the quotes.
var quotedName = regexp.MustCompile(`^'([^']*)' is not defined$`)

// failure is what the step of the call fails with: the error as Node-RED
// reports it, and the message as the code has left it. An Error is in
// msg.error too, from where the engine moves it to msg._error.
func (c *call) failure(err error) error {
	err = c.n.asThrown(err)
	thrown, ok := errors.AsType[node.Thrown](err)
	msg := c.in
	if c.hasMsg && c.n.vm != nil {
		if v, readErr := c.n.vm.FromJS(c.msg); readErr == nil {
			if changed, isObject := v.(*message.Object); isObject {
				msg = changed
			}
		}
	}
	if ok && isError(thrown.Value) {
		msg = msg.With("error", thrown.Value)
	}
	return &node.Failure{Err: err, Msg: msg}
}

// asThrown gives an error of package js as the contract has it, with the text
// that Node-RED gives it.
func (n *Function) asThrown(err error) error {
	if js.Stopped(err) {
		return n.stopped(err)
	}
	t, ok := errors.AsType[js.Thrown](err)
	if !ok {
		return err
	}
	v := t.Value
	switch o, _ := v.(*message.Object); {
	case isError(v):
		return node.Thrown{Value: n.withPlace(o)}
	case message.TypeOf(v) == "string":
		return node.Thrown{Value: v}
	}
	text, ok := message.Stringify(v, 0)
	if !ok {
		text = message.ToString(v)
	}
	return node.Thrown{Value: text}
}

func isError(v message.Value) bool {
	o, ok := v.(*message.Object)
	return ok && o.Class() == "Error"
}

// withPlace adds the line to a ReferenceError, which is where it helps most and
// where Node-RED does it, and names the node in the stack.
func (n *Function) withPlace(o *message.Object) *message.Object {
	stack := o.Text("stack")
	if o.Get("name") == "ReferenceError" {
		o = o.With("message", quotedName.ReplaceAllString(o.Text("message"), "$1 is not defined"))
		if m := place.FindStringSubmatch(stack); m != nil {
			line, _ := strconv.Atoi(m[1])
			o = o.With("message", fmt.Sprintf("ReferenceError: %s (line %d, col %s)",
				o.Text("message"), line-headerLines, m[2]))
		}
	}
	if stack == "" {
		return o
	}
	return o.With("stack", place.ReplaceAllStringFunc(stack, func(s string) string {
		m := place.FindStringSubmatch(s)
		line, _ := strconv.Atoi(m[1])
		return fmt.Sprintf("(Function node:%s:%d:%s)", n.env.ID(), line-headerLines, m[2])
	}))
}

// stopped is the error of code that ran into a limit, as Node.js throws it.
func (n *Function) stopped(err error) error {
	e := message.NewError("Error", n.lang().Err(err), "")
	if locale.HasKey(err, "js.timeout") {
		e = e.With("code", "ERR_SCRIPT_EXECUTION_TIMEOUT")
	}
	return node.Thrown{Value: e}
}

func (n *Function) interrupted() error { return locale.Errorf("function.restarted") }

// lang is the language of texts that flows compare: never the keys.
func (n *Function) lang() locale.Lang {
	if n.env.Lang() == locale.Keys {
		return locale.EN
	}
	return n.env.Lang()
}
