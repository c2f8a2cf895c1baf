package node

import (
	"context"
	"errors"
	"time"

	"toban/internal/message"
)

// ErrUnknown is wrapped by Perform's error when the effect may or may not have
// happened: the connection was lost after the start. The step becomes a
// question to a person instead of going to catch.
var ErrUnknown = errors.New("outcome unknown")

// ErrAway is wrapped by Observe's error when what is to be asked can't be
// reached now: it is asked again, for a while.
var ErrAway = errors.New("it can't be asked now")

// Policy says what to do after a crash with an effect that was reserved and not confirmed.
type Policy int

// The policies. Unknown is the zero value on purpose: only a type that says so is repeated.
const (
	Unknown Policy = iota // ask a person
	Repeat                // do it again; the history says "maybe twice"
)

// Effect is what a step would do to the world.
type Effect struct {
	Policy Policy
	// Resource names what is used, such as a connection's id; effects in flight
	// are capped per resource. "" is the node itself.
	Resource string
	// Serial effects of one Resource run one at a time, in the order of their steps.
	Serial bool
	// Preview is shown in a rehearsal, in the history, and when the outcome is unknown.
	Preview Preview
	// Safe effects are performed even in a rehearsal (Slack posts, read-only lookups).
	Safe bool
	// Local effects change nothing that a person or another machine could see
	// (a debug line, a metric): no reservation is made.
	Local bool
	// Channel and Connection are remembered as the run's last Slack channel, for
	// the questions that the engine itself asks. Empty: unchanged.
	Channel, Connection string
	// Perform does it. It runs outside the loop, at most once per reservation.
	// Outputs that come with an error are sent after the error was reported.
	Perform func(ctx context.Context, key Key) (Outputs, error)
	// Rehearsed gives the outputs of an effect that was only previewed; nil
	// means that nothing is sent.
	Rehearsed func() Outputs
	// Remark says after Perform what the history should know about how it went,
	// "" for nothing. May be nil.
	Remark func() string
	// Trail says where an attempt leaves what Observe looks for, in words of the
	// type's own (a host, a kind of record). It is kept with the reservation,
	// because settings may change between the attempt and the look.
	Trail string
	// Observe asks the world whether a reserved effect happened: after a crash,
	// and when Perform's error wraps ErrUnknown. nil: it can't tell.
	Observe func(ctx context.Context, a Attempt) (Observation, error)
}

// Attempt is an attempt whose outcome is not known.
type Attempt struct {
	Key   Key
	Trail string    // as Effect.Trail was when it was reserved
	Since time.Time // it began at this time or later
}

// Key names one attempt at one step for the outside world: "<run>.<seq>.<attempt>".
type Key string

// Preview describes an effect in words: Action is a verb phrase in the server's
// language, Target where (host, channel, file), Detail the exact text.
type Preview struct {
	Action, Target, Detail string
}

// Observation is what Observe found.
type Observation struct {
	Happened Verdict
	Outputs  Outputs // when it happened
	Err      error   // when it happened and failed
	Note     string  // what was seen, for the person who decides and the history
}

// Verdict is the answer to "did it happen?".
type Verdict int

// The verdicts.
const (
	CantTell Verdict = iota
	Happened
	DidNot   // nor will it: the attempt can't begin any more
	UnderWay // it goes on; Observe waits a while for it and is then asked again
)

// Thrown is an error that is a JavaScript value (function nodes throw anything).
type Thrown struct{ Value message.Value }

// Error is the value as JavaScript's String() prints it.
func (t Thrown) Error() string { return message.ToString(t.Value) }

// Coded is an error with a code, which catch nodes find in msg.error.code.
type Coded struct {
	Err  error
	Code string
}

func (c *Coded) Error() string { return c.Err.Error() }

// Unwrap gives the error without its code.
func (c *Coded) Unwrap() error { return c.Err }
