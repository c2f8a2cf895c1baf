package node

import (
	"time"

	"toban/internal/expr"
	"toban/internal/message"
)

// VarsOf gives what expressions of a node see of its surroundings.
func VarsOf(env Env) expr.Vars { return vars{env} }

type vars struct{ env Env }

// Now is the engine's clock.
func (v vars) Now() time.Time { return v.env.Now() }

// Zone is the server's time zone.
func (v vars) Zone() *time.Location { return v.env.Zone() }

// Getenv looks up an environment variable as the node sees it.
func (v vars) Getenv(name string) (message.Value, bool) { return v.env.Getenv(name) }

// Flow is the context of the node's flow.
func (v vars) Flow() expr.Context { return v.env.Context(FlowScope) }

// Global is the global context.
func (v vars) Global() expr.Context { return v.env.Context(GlobalScope) }

var _ expr.Vars = vars{}
