package expr

import (
	"toban/internal/message"
)

// registerNodeRED adds the functions that Node-RED gives to JSONata. $moment is
// not among them: expressions that use it are refused.
func registerNodeRED[E environment](root E) {
	root.Bind("env", function(root, func(args []any, _ any, env E) (any, error) {
		e := evaluationOf(env.Context())
		if name, ok := textOf(args); ok && e.vars != nil {
			if v, found := e.vars.Getenv(name); found && v != nil {
				return e.toGnata(v), nil
			}
		}
		return "", nil
	}))
	root.Bind("flowContext", function(root, func(args []any, _ any, env E) (any, error) {
		e := evaluationOf(env.Context())
		if e.vars == nil {
			return "", nil
		}
		return e.fromContext(e.vars.Flow(), args)
	}))
	root.Bind("globalContext", function(root, func(args []any, _ any, env E) (any, error) {
		e := evaluationOf(env.Context())
		if e.vars == nil {
			return "", nil
		}
		return e.fromContext(e.vars.Global(), args)
	}))
	root.Bind("clone", function(root, func(args []any, focus any, _ E) (any, error) {
		if len(args) == 0 {
			return focus, nil
		}
		return args[0], nil // values are never changed, so a copy is the value itself
	}))
}

func textOf(args []any) (string, bool) {
	if len(args) == 0 {
		return "", false
	}
	text, ok := args[0].(string)
	return text, ok
}

func (e *evaluation) fromContext(c Context, args []any) (any, error) {
	path, ok := textOf(args)
	if !ok {
		return nil, nil
	}
	store := ""
	if len(args) > 1 && args[1] != nil {
		store = message.ToString(e.fromGnata(args[1]))
	}
	v, err := c.Get(store, path)
	if err != nil {
		return nil, err
	}
	return e.toGnata(v), nil
}
