package flow

import (
	"time"

	"toban/internal/expr"
	"toban/internal/message"
)

// typed evaluates an environment variable. There is no message and no context
// yet when a flow is built.
func typed(typ string, v message.Value, getenv Getenv) (message.Value, error) {
	compiled, err := expr.Compile(typ, v)
	if err != nil {
		return nil, err
	}
	return compiled.Eval(buildVars(getenv), nil)
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
