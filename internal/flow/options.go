package flow

import "toban/internal/message"

// Types says what Build needs to know of node types. The node registry gives it.
type Types interface {
	// Known reports whether nodes of the type can run.
	Known(typ string) bool
	// Config reports whether it is a config node type.
	Config(typ string) bool
}

// Options are what a graph depends on besides the flow file.
type Options struct {
	Types Types
	// Environ looks up a variable of the process; nil: there are none.
	Environ func(name string) (string, bool)
	// Credential gives a credential of a tab, group, subflow or global-config node
	// by its id in the flow file, for environment variables of type cred; nil:
	// there are none.
	Credential func(id, name string) (string, bool)
}

// Getenv looks up an environment variable as flows see it.
type Getenv func(name string) (message.Value, bool)

func (o Options) environ(name string) (message.Value, bool) {
	if o.Environ == nil {
		return nil, false
	}
	if v, ok := o.Environ(name); ok {
		return v, true
	}
	return nil, false
}

func (o Options) credential(id, name string) message.Value {
	if o.Credential == nil {
		return nil
	}
	if v, ok := o.Credential(id, name); ok {
		return v
	}
	return nil
}
