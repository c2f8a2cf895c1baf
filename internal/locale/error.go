package locale

import "errors"

// Error is an error for the person on duty: what failed, where, why, and what
// to do, in each language. Callers that decide on it compare Key.
type Error struct {
	Key   string
	Pairs []any // name, value, name, value …
	Cause error // may be nil
}

// Errorf makes an Error from a catalogue key and the pairs that fill its places.
func Errorf(key string, pairs ...any) *Error { return &Error{Key: key, Pairs: pairs} }

// Because gives e with cause as its reason. The text names the cause only if
// it has a place {cause}.
func (e *Error) Because(cause error) *Error {
	return &Error{Key: e.Key, Pairs: e.Pairs, Cause: cause}
}

// Error is the English text.
func (e *Error) Error() string { return e.In(EN) }

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Cause }

// In gives the text in a language. {cause} is filled with the cause in that language.
func (e *Error) In(lang Lang) string {
	pairs := e.Pairs
	if e.Cause != nil {
		pairs = append(pairs[:len(pairs):len(pairs)], "cause", lang.Err(e.Cause))
	}
	return lang.Text(e.Key, pairs...)
}

// Err gives the text of any error: of the first Error in its chain in this
// language, else err.Error().
func (l Lang) Err(err error) string {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.In(l)
	}
	return err.Error()
}

// HasKey reports whether err's chain holds an Error with the key.
func HasKey(err error, key string) bool {
	for ; err != nil; err = errors.Unwrap(err) {
		if e, ok := err.(*Error); ok && e.Key == key { //nolint:errorlint // the loop walks the chain itself
			return true
		}
	}
	return false
}
