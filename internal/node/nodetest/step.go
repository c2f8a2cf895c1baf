package nodetest

import (
	"sync"

	"toban/internal/message"
	"toban/internal/node"
)

// Step records what a node does with one message.
type Step struct {
	Msg      *message.Object
	Sent     []Sent
	Errors   []StepError // reported by Error, without ending the step
	Deferred bool
	Ended    bool
	Err      error // with which the step ended

	mu        sync.Mutex
	seq       int
	rehearsal bool
}

// Sent is one message on one output port, or, with To, straight to a node.
type Sent struct {
	Port int
	To   string
	Msg  *message.Object
}

// StepError is an error for the catch nodes.
type StepError struct {
	Err error
	Msg *message.Object
}

// Out gives the messages that were sent on a port.
func (s *Step) Out(port int) []*message.Object {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []*message.Object
	for _, sent := range s.Sent {
		if sent.To == "" && sent.Port == port {
			out = append(out, sent.Msg)
		}
	}
	return out
}

// Ports lists the ports of all messages in the order in which they were sent.
func (s *Step) Ports() []int {
	s.mu.Lock()
	defer s.mu.Unlock()
	var ports []int
	for _, sent := range s.Sent {
		ports = append(ports, sent.Port)
	}
	return ports
}

// Run is always "run1".
func (s *Step) Run() string { return "run1" }

// Seq counts the deliveries from 1.
func (s *Step) Seq() int { return s.seq }

// Rehearsal is what Env.Rehearsal was at the delivery.
func (s *Step) Rehearsal() bool { return s.rehearsal }

// Send records the messages, port by port.
func (s *Step) Send(out node.Outputs) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for port, msgs := range out {
		for _, msg := range msgs {
			if msg != nil {
				s.Sent = append(s.Sent, Sent{Port: port, Msg: msg})
			}
		}
	}
}

// SendTo records a message for one node.
func (s *Step) SendTo(id string, msg *message.Object) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.Sent = append(s.Sent, Sent{To: id, Msg: msg})
}

// Error records an error for msg, or for the step's own message.
func (s *Step) Error(err error, msg *message.Object) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if msg == nil {
		msg = s.Msg
	}
	s.Errors = append(s.Errors, StepError{err, msg})
}

// Defer keeps the step open.
func (s *Step) Defer() { s.Deferred = true }

// Done ends the step.
func (s *Step) Done() { s.end(nil) }

// Fail ends the step with an error.
func (s *Step) Fail(err error) { s.end(err) }

func (s *Step) end(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.Ended {
		s.Ended, s.Err = true, err
	}
}

var _ node.Step = (*Step)(nil)
