package expr

import (
	"time"

	"toban/internal/message"
)

// Vars is what expressions see beside the message.
type Vars interface {
	// Now is the clock, Zone the time zone in which dates are written.
	Now() time.Time
	Zone() *time.Location
	// Getenv looks up an environment variable as flows see it.
	Getenv(name string) (message.Value, bool)
	// Flow and Global give the contexts.
	Flow() Context
	Global() Context
}

// Context is a durable map of values; store "" is the default one.
type Context interface {
	Get(store, path string) (message.Value, error)
	Set(store, path string, v message.Value) error
}
