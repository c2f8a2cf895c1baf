package app

import (
	"context"
	"sync"

	"toban/internal/engine"
	"toban/internal/flow"
	"toban/internal/flowstore"
	"toban/internal/locale"
	"toban/internal/message"
	"toban/internal/node"
	"toban/internal/server"
)

// flows is the deployed flow file: on disk, and in the engine.
type flows struct {
	types  *node.Registry
	stored *flowstore.Store
	engine *engine.Engine
	getenv func(string) (string, bool)

	deploying sync.Mutex // one deploy at a time

	mu       sync.Mutex
	file     *flow.File
	problems []flow.Problem
}

// build makes a graph of a file.
func (f *flows) build(file *flow.File) *flow.Graph {
	return flow.Build(file, flow.Options{Types: f.types, Environ: f.getenv, Credential: f.stored.Find})
}

// resolve gives the properties of a node, deployed or not yet, with its
// variables replaced as where it stands in the file.
func (f *flows) resolve(n *message.Object) *message.Object {
	id, next := n.Text("id"), &flow.File{}
	for _, old := range f.Current().Nodes {
		if old.Text("id") != id {
			next.Nodes = append(next.Nodes, old)
			continue
		}
		for _, place := range []string{"z", "g", "x", "y", "wires"} {
			if v, stands := old.Lookup(place); stands {
				n = n.With(place, v)
			}
		}
	}
	next.Nodes = append(next.Nodes, n)
	if built := f.build(next).Nodes[id]; built != nil {
		return built.Props
	}
	return n
}

// buildStored makes the graph of an older revision.
func (f *flows) buildStored(data []byte) (*flow.Graph, error) {
	file, err := flow.Parse(data)
	if err != nil {
		return nil, err
	}
	return f.build(file), nil
}

// start runs the stored file.
func (f *flows) start(ctx context.Context) error {
	f.deploying.Lock()
	defer f.deploying.Unlock()
	file, err := f.load()
	if err != nil {
		return err
	}
	g := f.build(file)
	done, err := f.engine.Start(ctx, g, file.JSON())
	f.runs(file, withLint(done.Problems, g))
	return err
}

// load reads the stored file. Credentials that somebody wrote into it by hand move
// to where they are encrypted, so that they are neither shown nor kept with a revision.
func (f *flows) load() (*flow.File, error) {
	file, err := f.stored.Load()
	if err != nil {
		return nil, err
	}
	clean, written := file.SplitCredentials()
	if len(written) == 0 {
		return clean, nil
	}
	saved, err := f.stored.Save(file)
	return saved.File, err
}

// Current gives the deployed file, without credentials.
func (f *flows) Current() *flow.File {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.file
}

// Problems are what was wrong with the file when it was deployed.
func (f *flows) Problems() []flow.Problem {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.problems
}

// Credentials gives what may be shown of a node's credentials.
func (f *flows) Credentials(id, typ string) *message.Object { return f.stored.Shown(id, typ) }

// Deploy stores the file and makes it run, unless that would end what nobody
// has agreed to end. After an error the old file runs, now and at the next start.
func (f *flows) Deploy(ctx context.Context, file *flow.File, o server.DeployOptions) ([]flow.Problem, error) {
	f.deploying.Lock()
	defer f.deploying.Unlock()
	if o.Base != "" && o.Base != f.Current().Revision() {
		return nil, server.ErrVersion
	}
	ends, err := f.engine.Ends(ctx, f.build(file), o.Mode)
	if err != nil {
		return nil, err
	}
	if len(ends) > 0 && !o.EndOpen {
		return nil, &server.EndsOpen{Ends: ends}
	}
	clean, _ := file.SplitCredentials()
	if err := f.engine.KeepRevision(ctx, clean.Revision(), clean.JSON()); err != nil {
		return nil, err
	}
	saved, err := f.stored.Save(file)
	if err != nil {
		return nil, err
	}
	ctx = context.WithoutCancel(ctx) // from here on it is done as a whole, whoever hangs up
	problems, err := f.run(ctx, saved.File, o.Mode, saved.Changed)
	if err != nil {
		if undone := saved.Undo(); undone != nil {
			return nil, locale.Errorf("app.not_undone", "undo", undone).Because(err)
		}
		return nil, err
	}
	return problems, f.engine.EndQuestions(ctx, deleted(ends))
}

func deleted(ends []engine.End) []*flow.Node {
	var nodes []*flow.Node
	for _, end := range ends {
		if end.Deleted {
			nodes = append(nodes, end.Node)
		}
	}
	return nodes
}

// Restart runs the file anew as it is on the disk (deployment type reload).
func (f *flows) Restart(ctx context.Context) ([]flow.Problem, error) {
	f.deploying.Lock()
	defer f.deploying.Unlock()
	file, err := f.load()
	if err != nil {
		return nil, err
	}
	return f.run(ctx, file, flow.Full, nil)
}

func (f *flows) run(ctx context.Context, file *flow.File, mode flow.Mode, changed []string) ([]flow.Problem, error) {
	g := f.build(file)
	done, err := f.engine.Deploy(ctx, g, file.JSON(), mode, changed...)
	if err != nil {
		return nil, err
	}
	f.runs(file, withLint(done.Problems, g))
	return f.Problems(), nil
}

// runs notes the file that the engine runs now.
func (f *flows) runs(file *flow.File, problems []flow.Problem) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.file, f.problems = file, problems
}

func withLint(found []flow.Problem, g *flow.Graph) []flow.Problem {
	return append(found, flow.Lint(g)...)
}

var _ server.Flows = (*flows)(nil)
