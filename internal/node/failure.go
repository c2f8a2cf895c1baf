package node

import "toban/internal/message"

// Failure is an error that catch nodes get with another message than the one
// that the step received: a function had changed it before it threw.
type Failure struct {
	Err error
	Msg *message.Object
}

func (f *Failure) Error() string { return f.Err.Error() }

// Unwrap gives the error without the message.
func (f *Failure) Unwrap() error { return f.Err }
