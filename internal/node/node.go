package node

import (
	"context"

	"toban/internal/message"
)

// Node is one configured node: a pointer to a struct whose fields carry
// `flow:"property"` tags (see [Decode]).
type Node any

// Provisioner prepares a node when it is deployed: it checks the configuration,
// compiles templates and expressions, finds its config nodes, and keeps env. An
// error makes the node report it, at deploy and for every message it receives.
type Provisioner interface {
	Provision(env Env) error
}

// Closer releases what a node holds when it is stopped. removed says that the
// node was deleted, not only restarted.
type Closer interface {
	Close(removed bool) error
}

// Receiver handles messages in the partition's loop. It sends with step.Send.
// Returning ends the step (with a failure if err is not nil) unless step.Defer
// was called; then step.Done or step.Fail ends it later.
type Receiver interface {
	Receive(step Step, msg *message.Object) error
}

// Planner is a node that touches the world. Plan must not touch it: it says
// what would be done. A nil effect ends the step with nothing sent.
type Planner interface {
	Plan(step Step, msg *message.Object) (*Effect, error)
}

// Asker is a node that asks a person. Ask renders the question; the engine
// stores it, shows it, and calls Answered with the answer that counted. Both
// run in the loop. A question that expires or is cancelled fails its step.
type Asker interface {
	Ask(step Step, msg *message.Object) (*Question, error)
	Answered(step Step, msg *message.Object, answer Answer) error
}

// Source brings events in from outside. Run owns its goroutine until ctx ends;
// an error is reported on the node's status and Run is called again later, with
// growing pauses.
type Source interface {
	Run(ctx context.Context, out Emitter) error
}

// Waker is called when a row that the node put into its State falls due.
type Waker interface {
	Wake(row Row) error
}

// Outputs are the messages of one send: per output port, in order. A nil
// message is skipped.
type Outputs [][]*message.Object

// First gives the outputs of a node that sends msgs on its first port.
func First(msgs ...*message.Object) Outputs { return Outputs{msgs} }

// Port gives the outputs of a node that sends msgs on one port, counted from 0.
func Port(port int, msgs ...*message.Object) Outputs {
	out := make(Outputs, port+1)
	out[port] = msgs
	return out
}

// Step is one message delivered to one node in a run.
type Step interface {
	// Run is the id of the run, Seq the number of the step in it.
	Run() string
	Seq() int
	// Rehearsal reports whether the run must not touch the world.
	Rehearsal() bool
	// Send sends messages to the wires of the node's outputs. Messages without
	// _msgid get one; a send after the end of the step still joins its run.
	Send(out Outputs)
	// SendTo delivers msg straight to a node of the same partition (link call and its return).
	SendTo(id string, msg *message.Object)
	// Error reports an error for msg to the catch nodes without ending the step
	// (Node-RED's node.error(err, msg)); msg nil means the step's own message.
	Error(err error, msg *message.Object)
	// Defer keeps the step open after Receive or Wake returns.
	Defer()
	// Done ends a deferred step; Fail ends it with an error. Only the first call counts.
	Done()
	Fail(err error)
}
