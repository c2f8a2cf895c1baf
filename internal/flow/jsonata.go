package flow

import (
	"context"
	"time"

	"toban/internal/expr"
	"toban/internal/message"
)

// jsonata evaluates an environment variable of type jsonata. There is no message
// and no context yet when a flow is built.
func jsonata(source string, getenv Getenv) (message.Value, error) {
	e, err := expr.CompileJSONata(source)
	if err != nil {
		return nil, err
	}
	return e.Eval(context.Background(), buildVars(getenv), nil)
}

// buildVars is what an expression sees while a graph is built.
type buildVars Getenv

// Now is the time.
func (buildVars) Now() time.Time { return time.Now() }

// Zone is the machine's.
func (buildVars) Zone() *time.Location { return time.Local }

// Getenv looks up a variable.
func (g buildVars) Getenv(name string) (message.Value, bool) { return g(name) }

// Flow is empty.
func (buildVars) Flow() expr.Context { return noContext{} }

// Global is empty.
func (buildVars) Global() expr.Context { return noContext{} }

type noContext struct{}

func (noContext) Get(_, _ string) (message.Value, error) { return nil, nil }

func (noContext) Set(_, _ string, _ message.Value) error { return nil }

var (
	_ expr.Vars    = buildVars(nil)
	_ expr.Context = noContext{}
)
