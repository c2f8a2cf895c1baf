package doctor

import (
	"context"
	_ "embed"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"toban/internal/flow"
	"toban/internal/flowstore"
	"toban/internal/locale"
	"toban/internal/node"
	"toban/internal/nodes"
	"toban/internal/probe"
	"toban/internal/slack"
	"toban/internal/store"
	"toban/internal/store/sqlite"
)

//go:embed texts.json
var texts []byte

var _ = locale.Register(texts)

// Options say what to look at.
type Options struct {
	DataDir string
	Secret  string // TOBAN_CREDENTIAL_SECRET
	// Slack is the default connection, with an empty BotToken if there is none.
	Slack   slack.Config
	Environ func(name string) (string, bool)
	Lang    locale.Lang
	Zone    *time.Location
}

// Finding is one thing that was looked at.
type Finding = probe.Finding

// patience bounds how long one check may take.
const patience = 30 * time.Second

// Examine looks at everything and calls report with each finding as it is made,
// one at a time. The error says why it could not begin.
func Examine(ctx context.Context, o Options, report func(Finding)) error {
	if info, err := os.Stat(o.DataDir); err != nil || !info.IsDir() {
		return locale.Errorf("doctor.no_folder", "dir", o.DataDir)
	}
	hub := slack.NewHub(o.Slack, slog.New(slog.DiscardHandler))
	types := nodes.Registry(hub)
	flows, err := flowstore.Open(o.DataDir, o.Secret, types)
	if err != nil {
		return err
	}
	file, err := flows.Load()
	if err != nil {
		return err
	}
	e := &examination{
		options: o, hub: hub, types: types, credential: flows.Credential,
		graph: flow.Build(file, flow.Options{Types: types, Environ: o.Environ, Credential: flows.Find}),
	}
	e.folder(ctx, report)
	e.problems(report)
	e.outside(ctx, report)
	e.slack(ctx, report)
	return nil
}

// examination is one look at a data folder.
type examination struct {
	options    Options
	hub        *slack.Hub
	types      *node.Registry
	credential func(id, name string) string
	graph      *flow.Graph
}

// folder finds out whether the database can be opened. A server that has it
// open is well, and so is a folder that no server has used yet.
func (e *examination) folder(ctx context.Context, report func(Finding)) {
	f := Finding{What: e.text("doctor.folder", "dir", e.options.DataDir)}
	if _, err := os.Stat(filepath.Join(e.options.DataDir, sqlite.FileName)); err == nil {
		db, err := sqlite.Open(ctx, e.options.DataDir)
		switch {
		case errors.Is(err, store.ErrLocked):
			f.What = e.text("doctor.folder_in_use", "dir", e.options.DataDir)
		case err != nil:
			f.Err = err
		default:
			f.Err = db.Close()
		}
	}
	report(f)
}

// problems reports what is wrong with the flow file itself.
func (e *examination) problems(report func(Finding)) {
	for _, p := range e.graph.Problems {
		report(Finding{What: e.text("doctor.flow"), Err: p.Err, Warning: p.Warning})
	}
	if len(e.graph.Problems) == 0 {
		report(Finding{What: e.text("doctor.flow_well", "nodes", len(e.graph.Nodes))})
	}
}

// outside tries mailboxes and hosts, several at a time, and reports them in the
// order of the flow file.
func (e *examination) outside(ctx context.Context, report func(Finding)) {
	checks := e.checks()
	done := make([]chan Finding, len(checks))
	slots := make(chan struct{}, 8)
	var running sync.WaitGroup
	for i, check := range checks {
		done[i] = make(chan Finding, 1)
		running.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			ctx, cancel := context.WithTimeout(ctx, patience)
			defer cancel()
			done[i] <- check(ctx)
		})
	}
	for _, d := range done {
		report(<-d)
	}
	running.Wait()
}

func (e *examination) text(key string, pairs ...any) string {
	return e.options.Lang.Text(key, pairs...)
}
