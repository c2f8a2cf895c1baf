package sshx

import (
	"errors"
	"slices"

	"toban/internal/locale"
)

// Kind tells the ways in which SSH fails apart.
type Kind string

// The kinds of failure. All but [Lost], [Timeout] and [NoJobs] happen before the command starts.
const (
	BadConfig   Kind = "config"      // the connection's settings can't work
	Unreachable Kind = "unreachable" // no TCP connection, or no SSH server behind it
	AuthRefused Kind = "auth"        // the server took none of the credentials
	UnknownKey  Kind = "unknown_key" // nothing is known about the host's key
	ChangedKey  Kind = "changed_key" // another key than this one is known, or it is revoked
	ExecRefused Kind = "refused"     // logged in, but the server won't run commands
	Lost        Kind = "lost"        // the connection broke after the start: the outcome is unknown
	Timeout     Kind = "timeout"     // the command's own time was up
	// NoJobs: what ran is not known, because the account runs another command than
	// the one that it is asked for. Asking once more would run that once more.
	NoJobs Kind = "no_jobs"
)

// Error is a failure of this package: a [locale.Error] for the person on duty
// and its kind for the program.
type Error struct {
	Kind Kind
	text *locale.Error
}

func (e *Error) Error() string { return e.text.Error() }

// Unwrap gives the text in its two languages.
func (e *Error) Unwrap() error { return e.text }

// KindOf gives the kind of err, "" when it is no error of this package.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return ""
}

// failures builds the errors of one connection: each text may use {host}.
type failures struct{ host string }

func (f failures) make(kind Kind, key string, cause error, pairs ...any) *Error {
	text := locale.Errorf(key, slices.Concat([]any{"host", f.host}, pairs)...)
	if cause != nil {
		text = text.Because(cause)
	}
	return &Error{Kind: kind, text: text}
}
