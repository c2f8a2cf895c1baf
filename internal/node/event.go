package node

import (
	"context"

	"toban/internal/message"
)

// Event is one thing that a source saw.
type Event struct {
	// Key tells repeats of the same event apart from new ones, within the
	// source; "" means that every event is new.
	Key string
	// Title is one line that names the event in lists, such as a mail's subject.
	Title string
	Msg   *message.Object
	Port  int
	// Input delivers the message to the source node's own Receive instead of its wires.
	Input bool
}

// Emitter takes the events of a source. Safe for concurrent use.
type Emitter interface {
	// Emit begins a run, or finds the run of the same key. It blocks while the
	// engine takes no events (start, full disk) and fails only when ctx ends.
	Emit(ctx context.Context, e Event) (Receipt, error)
	// Cursor and SetCursor keep the source's place (UIDVALIDITY …) durably.
	Cursor(ctx context.Context) (message.Value, error)
	SetCursor(ctx context.Context, v message.Value) error
}

// Receipt is the engine's word on one event.
type Receipt interface {
	Run() string
	// Repeated reports that the event was known already.
	Repeated() bool
	// Safe returns once the event can be acknowledged outside: it is stored, or
	// its run ended without touching the world.
	Safe(ctx context.Context) error
}
