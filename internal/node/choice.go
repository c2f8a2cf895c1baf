package node

import (
	"errors"

	"toban/internal/locale"
)

// Chooser is a node that may wait for a decision about itself, not about a run:
// a mailbox with a backlog asks where to begin. Console, API and command line
// find such nodes by this interface. Safe for concurrent use, anywhere.
type Chooser interface {
	// Pending gives the decision that the node waits for; ok is false if there is none.
	Pending() (d Decision, ok bool)
	// Choose decides. ErrNotPending: the node waits for nothing (any more).
	// ErrNoOption: there is no option of that name.
	Choose(option string) error
}

// Decision is what a Chooser wants decided.
type Decision struct {
	// About tells the decisions of one node apart, such as those about two mailboxes;
	// it is not shown. People are told of each one once.
	About    string
	Question func(locale.Lang) string
	Options  []Option
}

// Option is one way to decide. Name is for machines and never translated. Means
// says what follows from it.
type Option struct {
	Name         string
	Label, Means func(locale.Lang) string
}

// Meaning says what follows from an option, "" if that needs no words.
func (o Option) Meaning(lang locale.Lang) string {
	if o.Means == nil {
		return ""
	}
	return o.Means(lang)
}

// PendingOf gives what a node waits for; ok is false for one that never waits, too.
func PendingOf(n Node) (d Decision, ok bool) {
	if chooser, is := n.(Chooser); is {
		return chooser.Pending()
	}
	return Decision{}, false
}

// The errors of Chooser.
var (
	ErrNotPending = errors.New("the node waits for no decision")
	ErrNoOption   = errors.New("no such option")
)
