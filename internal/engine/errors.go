package engine

import (
	_ "embed"
	"errors"

	"toban/internal/locale"
)

// The errors that callers decide on.
var (
	// ErrNoNode: no such node runs.
	ErrNoNode = errors.New("no such node runs")
	// ErrNoRun: no such run is open.
	ErrNoRun = errors.New("no such run is open")
	// ErrStopped: the engine is stopping and takes nothing new.
	ErrStopped = errors.New("the engine is stopping")
)

//go:embed texts.json
var texts []byte

var _ = locale.Register(texts)
