package auth

import (
	"errors"
	"time"

	"toban/internal/locale"
)

// What a failure is about; each error of this package wraps one of these and
// has a text for the person who asked.
var (
	// ErrWrong: user and password don't belong together.
	ErrWrong = errors.New("wrong user or password")
	// ErrInvalid: a name, a role or a password can't be as it was given.
	ErrInvalid = errors.New("invalid")
	// ErrNotFound: there is no such user.
	ErrNotFound = errors.New("not found")
	// ErrConflict: as things are, it can't be done.
	ErrConflict = errors.New("conflict")
)

// WaitError refuses a guess that comes too early.
type WaitError struct{ Wait time.Duration }

// Seconds is the time to wait, in whole seconds.
func (e *WaitError) Seconds() int { return int((e.Wait + time.Second - 1) / time.Second) }

func (e *WaitError) text() *locale.Error { return locale.Errorf("auth.wait", "seconds", e.Seconds()) }

func (e *WaitError) Error() string { return e.text().Error() }

func (e *WaitError) Unwrap() error { return e.text() }

func wrong() error { return locale.Errorf("auth.wrong").Because(ErrWrong) }

func notFound(name string) error {
	return locale.Errorf("auth.no_user", "name", name).Because(ErrNotFound)
}
