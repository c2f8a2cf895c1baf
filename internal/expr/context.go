package expr

import (
	"strings"

	"toban/internal/message"
)

// contextRef is a property of the flow or global context: "key" or "#:(store)::key".
type contextRef struct {
	scope, store, key string
	nested            *message.Path // of a key with [msg.…] in it
}

func parseContextRef(scope, text string) (contextRef, error) {
	ref := contextRef{scope: scope}
	ref.store, ref.key = ParseContextStore(text)
	if strings.Contains(ref.key, "[msg") {
		path, err := message.ParsePath(ref.key)
		if err != nil {
			return ref, err
		}
		if path.Nested() {
			ref.nested = &path
		}
	}
	return ref, nil
}

// ParseContextStore takes the store off a context property as the editor writes
// it: "#:(file)::key" gives "file" and "key". Without one the store is "".
func ParseContextStore(text string) (store, key string) {
	rest, ok := strings.CutPrefix(text, "#:(")
	if !ok {
		return "", text
	}
	name, key, ok := strings.Cut(rest, ")::")
	if !ok || name == "" || strings.ContainsFunc(name, message.IsSpace) {
		return "", text
	}
	return name, key
}

func contextOf(vars Vars, scope string) Context {
	if scope == "flow" {
		return vars.Flow()
	}
	return vars.Global()
}

// path gives the key with its references to the message filled in.
func (r contextRef) path(msg message.Value) (string, error) {
	if r.nested == nil {
		return r.key, nil
	}
	resolved, err := r.nested.Resolve(msg)
	return resolved.String(), err
}

func (r contextRef) get(vars Vars, msg message.Value) (message.Value, error) {
	path, err := r.path(msg)
	if err != nil {
		return nil, err
	}
	return contextOf(vars, r.scope).Get(r.store, path)
}

func (r contextRef) set(vars Vars, msg, v message.Value) error {
	path, err := r.path(msg)
	if err != nil {
		return err
	}
	return contextOf(vars, r.scope).Set(r.store, path, v)
}
