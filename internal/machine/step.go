package machine

import (
	"time"

	"toban/internal/message"
	"toban/internal/node"
)

// StepState says how far a step is.
type StepState uint8

// The states of a step. Those up to Unknown are open.
const (
	Queued      StepState = iota // waits for delivery
	Running                      // the node has it
	Planned                      // an effect waits for its slot
	Reserved                     // the effect may have started
	Asking                       // waits for a person's answer
	Held                         // the node keeps it in a row of its state
	Unknown                      // nobody knows whether the effect happened; a person is asked
	Done                         // ended well
	Failed                       // ended with an error
	Interrupted                  // cut off by a crash after part of its work was stored
	Cancelled                    // ended by a person or a deploy
	Previewed                    // a rehearsal showed it instead of doing it
)

var stateNames = [...]string{
	"queued", "running", "planned", "reserved", "asking", "held", "unknown",
	"done", "failed", "interrupted", "cancelled", "previewed",
}

// String is the name that the API and the journal's readers use.
func (s StepState) String() string { return stateNames[s] }

// Open reports whether the step has not ended.
func (s StepState) Open() bool { return s <= Unknown }

// Step is one message delivered to one node in a run.
type Step struct {
	Seq     int
	Node    string
	Parent  int // Seq of the step that sent the message, -1 for none
	Port    int // the parent's output port
	Order   uint64
	Input   *message.Object // nil for the step of a source
	State   StepState
	Attempt int // reservations made
	// QueuedAt, StartedAt and EndedAt are zero until then.
	QueuedAt, StartedAt, EndedAt time.Time
	Outputs                      []Output
	Error                        string
	Code                         string
	Caught                       bool // a catch node took the error
	Preview                      node.Preview
	Policy                       node.Policy
	Trail                        string // see node.Effect
	Question                     string // id of the question that it waits for
	Note                         string

	inJournal bool // its first record is written: input and outputs so far are known there
	outputs   int  // how many of Outputs are in the journal
	dirty     bool
}

// Waits reports whether the step waits for the question.
func (s *Step) Waits(question string) bool {
	return s.Question == question && (s.State == Asking || s.State == Unknown)
}

// Output is one message that a step sent.
type Output struct {
	Port int
	Msg  *message.Object
}

// Target is one delivery that a send makes.
type Target struct {
	Node string
	Port int
	Msg  *message.Object
}
