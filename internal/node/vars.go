package node

import (
	"time"

	"toban/internal/expr"
	"toban/internal/message"
)

// Vars is what expressions see of the engine: the clock, the environment and
// the contexts of env's node.
func Vars(env Env) expr.Vars { return vars{env} }

type vars struct{ env Env }

// Now is the engine's clock.
func (v vars) Now() time.Time { return v.env.Now() }

// Zone is the server's time zone.
func (v vars) Zone() *time.Location { return v.env.Zone() }

// Getenv looks up an environment variable as flows see it.
func (v vars) Getenv(name string) (message.Value, bool) { return v.env.Getenv(name) }

// Flow gives the flow's context.
func (v vars) Flow() expr.Context { return v.env.Context(FlowScope) }

// Global gives the global context.
func (v vars) Global() expr.Context { return v.env.Context(GlobalScope) }

var _ expr.Vars = vars{}
