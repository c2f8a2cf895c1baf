package bridge

import (
	"context"
	"encoding/json"
	"maps"
	"os"
	"slices"
	"sync"

	"toban/internal/message"
)

// runtime holds what a spec may change at any time: settings and environment
// variables. It outlives loads.
type runtime struct {
	mu     sync.Mutex
	values map[string]message.Value
	env    map[string]*string // overrides of the process's environment; nil: unset
}

func newRuntime() *runtime {
	return &runtime{values: map[string]message.Value{}, env: map[string]*string{}}
}

func (r *runtime) set(name string, v message.Value) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if v == nil {
		delete(r.values, name)
		return
	}
	r.values[name] = v
}

// setting is the engine's way to look up a setting.
func (r *runtime) setting(name string) message.Value {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.values[name]
}

// getenv is the engine's way to look up a variable.
func (r *runtime) getenv(name string) (string, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if v, set := r.env[name]; set {
		if v == nil {
			return "", false
		}
		return *v, true
	}
	return os.LookupEnv(name)
}

// stores lists the names of the context stores, the default one as "".
func (r *runtime) stores() []string {
	names := []string{""}
	if storage, ok := r.setting("contextStorage").(*message.Object); ok {
		names = append(names, slices.DeleteFunc(storage.Keys(), func(s string) bool { return s == "default" })...)
	}
	return names
}

func (b *bridge) settings(_ context.Context, req request) (any, error) {
	values, err := req.object("values")
	if err != nil {
		return nil, err
	}
	for name, v := range values.All() {
		b.runtime.set(name, v)
	}
	return nil, nil
}

func (b *bridge) env(_ context.Context, req request) (any, error) {
	var values map[string]*string
	if err := json.Unmarshal(req.Params["values"], &values); err != nil {
		return nil, err
	}
	b.runtime.mu.Lock()
	defer b.runtime.mu.Unlock()
	maps.Copy(b.runtime.env, values)
	return nil, nil
}
