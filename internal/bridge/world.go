package bridge

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"slices"
	"sync"
	"time"

	"toban/internal/engine"
	"toban/internal/flow"
	"toban/internal/locale"
	"toban/internal/message"
	"toban/internal/node"
	"toban/internal/nodes"
	"toban/internal/slack"
	"toban/internal/store/memory"
)

// stopPatience is how long effects under way may take when flows are unloaded.
const stopPatience = 2 * time.Second

// world is what one load makes: an engine with an empty store in memory and a
// data folder of its own.
type world struct {
	engine   *engine.Engine
	observer *observer
	types    *node.Registry
	runtime  *runtime
	dir      string
	ended    bool
	last     map[string]node.Env // of all nodes, once the flows have ended

	mu          sync.Mutex
	credentials map[string]*message.Object
	graph       *flow.Graph
}

func newWorld(b *bridge) (*world, error) {
	dir, err := os.MkdirTemp("", "toban-bridge-")
	if err != nil {
		return nil, err
	}
	types := nodes.Registry(slack.NewHub(slack.Config{}, slog.New(slog.DiscardHandler)))
	types.Add(helperType())
	w := &world{
		observer: &observer{out: b.out, hub: b.hub, reported: map[string]bool{}},
		types:    types, runtime: b.runtime, dir: dir,
		credentials: map[string]*message.Object{}, last: map[string]node.Env{},
	}
	w.engine = engine.New(engine.Config{
		Store: memory.New(), Types: types, Build: w.buildStored, DataDir: dir, Lang: locale.Keys,
		Credential: w.credential, Getenv: b.runtime.getenv, Setting: b.runtime.setting,
		Observer: w.observer,
	})
	return w, nil
}

func (w *world) build(file *flow.File) *flow.Graph {
	return flow.Build(file, flow.Options{Types: w.types, Environ: w.runtime.getenv})
}

func (w *world) buildStored(data []byte) (*flow.Graph, error) {
	file, err := flow.Parse(data)
	if err != nil {
		return nil, err
	}
	return w.build(file), nil
}

// deploy starts the file's flows. What a helper node receives is reported.
func (w *world) deploy(ctx context.Context, file *flow.File, mode flow.Mode) (engine.Deployed, error) {
	g := w.build(file)
	for _, f := range g.Flows {
		if f.Blocked != "" {
			return engine.Deployed{}, fmt.Errorf("flow %q does not start: %s", f.ID, f.Blocked)
		}
	}
	for _, n := range g.Nodes {
		if n.Type == "helper" {
			w.observer.watch(n.ID)
		}
	}
	done, err := w.engine.Deploy(ctx, g, file.JSON(), mode)
	if err == nil {
		w.mu.Lock()
		w.graph = g
		w.mu.Unlock()
	}
	return done, err
}

func (w *world) runs(id string) bool {
	_, _, ok := w.engine.Lookup(id)
	return ok && !w.ended
}

// ids lists the nodes that run.
func (w *world) ids() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.graph == nil {
		return nil
	}
	return slices.Sorted(maps.Keys(w.graph.Nodes))
}

// within runs f with a node's env in its loop; after the end, when there are no
// loops any more, just here.
func (w *world) within(ctx context.Context, id string, f func(env node.Env) error) error {
	if w.ended {
		env, ok := w.last[id]
		if !ok {
			return fmt.Errorf("no such node: %s", id)
		}
		return f(env)
	}
	var failure error
	if err := w.engine.Within(ctx, id, func(env node.Env, _ node.Node) { failure = f(env) }); err != nil {
		return fmt.Errorf("node %s: %w", id, err)
	}
	return failure
}

// end stops the flows.
func (w *world) end(ctx context.Context) {
	if w.ended {
		return
	}
	for _, id := range w.ids() {
		_ = w.within(ctx, id, func(env node.Env) error { // a node that is gone has no context
			w.last[id] = env
			return nil
		})
	}
	ctx, cancel := context.WithTimeout(ctx, stopPatience)
	defer cancel()
	w.engine.Stop(ctx)
	w.ended = true
}

// forget removes the data folder.
func (w *world) forget() {
	_ = os.RemoveAll(w.dir) // it lies in the system's folder for such things
}

func (w *world) setCredentials(byNode map[string]*message.Object) {
	w.mu.Lock()
	defer w.mu.Unlock()
	maps.Copy(w.credentials, byNode)
}

// credential is the engine's way to look up a secret.
func (w *world) credential(id, name string) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	v := w.credentials[id].Get(name)
	if message.IsNullish(v) {
		return ""
	}
	return message.ToString(v)
}
