package app

import (
	"context"
	"errors"
	"net/http"
	"path/filepath"
	"sync"
	"time"

	"toban/internal/atomicfile"
	"toban/internal/auth"
	"toban/internal/console"
	"toban/internal/editor"
	"toban/internal/engine"
	"toban/internal/failpoint"
	"toban/internal/flowstore"
	"toban/internal/library"
	"toban/internal/nodes"
	"toban/internal/nodes/httpin"
	"toban/internal/server"
	"toban/internal/slack"
	"toban/internal/store"
	"toban/internal/store/sqlite"
	"toban/web"
)

// App is a running server without a listener.
type App struct {
	o      Options
	disk   *sqlite.Store
	store  *console.Watched // the same: what goes through it is known to the pages
	engine *engine.Engine
	hub    *slack.Hub
	flows  *flows
	web    *server.Server
	auth   *auth.Keeper

	cancel context.CancelFunc
	work   sync.WaitGroup // Slack, the pruning, the notices
}

// New starts everything: open runs go on, sources begin. Stop ends it.
func New(ctx context.Context, o Options) (*App, error) {
	o.setDefaults()
	st, err := sqlite.Open(ctx, o.DataDir)
	if err != nil {
		return nil, err
	}
	atomicfile.Sweep(o.DataDir)
	keepPrivate(&o)
	a := &App{o: o, disk: st}
	if err := a.start(ctx); err != nil {
		return nil, errors.Join(err, a.Stop(ctx))
	}
	return a, nil
}

func (a *App) start(ctx context.Context) error {
	hub := slack.NewHub(a.o.Slack, a.o.Log)
	a.hub = hub
	types := nodes.Registry(hub)
	stored, err := flowstore.Open(a.o.DataDir, a.o.CredentialSecret, types)
	if err != nil {
		return err
	}
	a.auth, err = auth.Open(auth.Options{Dir: a.o.DataDir, AdminPassword: a.o.AdminPassword, Lang: a.o.Lang, Log: a.o.Log})
	if err != nil {
		return err
	}
	router := httpin.NewRouter(a.o.HTTPNodeRoot, server.Reserved)
	a.flows = &flows{types: types, stored: stored, getenv: lookupEnv}
	shown := server.NewObserver(a.o.Lang)
	a.store = console.Watch(shown.Timed(a.disk))
	told := newNotices(a.o, a.store, hub)
	a.engine = engine.New(engine.Config{
		Store: a.store, Types: types, Build: a.flows.buildStored, Desk: hub, HTTP: router,
		Credential: stored.Credential, Getenv: lookupEnv, Setting: a.o.setting, DataDir: a.o.DataDir,
		Lang: a.o.Lang, Zone: a.o.Zone, Log: a.o.Log, Observer: observer{shown, router, told}, Rehearse: a.o.Rehearse,
		ClockCheck: 15 * time.Second,
	})
	a.flows.engine, told.engine = a.engine, a.engine
	hub.SetAnswerer(a.engine)
	a.web = server.New(server.Config{
		Engine: a.engine, Store: a.store, Flows: a.flows, Types: types, Auth: a.auth, Nodes: router, NodeRoot: a.o.HTTPNodeRoot,
		Slack: hub.Interactive(), Observer: shown, Hosts: a.o.Hosts, Proxies: a.o.Proxies, FlowPages: a.o.FlowPages, Permalink: hub.Permalink, PersonName: hub.PersonName, Zone: a.o.Zone, Lang: a.o.Lang, Log: a.o.Log, Setting: a.o.setting,
		Editor: editor.New(web.Dist()), Library: library.New(filepath.Join(a.o.DataDir, "lib")), Prober: a.prober(types, stored),
	})
	run, cancel := context.WithCancel(context.WithoutCancel(ctx))
	a.cancel = cancel
	a.work.Go(func() { a.slackLoop(run, hub) })
	a.work.Go(func() { a.pruneLoop(run) })
	a.work.Go(func() { told.run(run) })
	if err := a.flows.start(ctx); err != nil {
		return err
	}
	a.web.Announce()
	return nil
}

// Handler answers the server's HTTP requests.
func (a *App) Handler() http.Handler { return a.web }

// Token gives a token that is signed in as the admin, for programs that run in
// this process.
func (a *App) Token() string { return a.auth.Own() }

// SetupToken is good for one use of the set-up page, /auth/setup?token=…, as long as
// no admin has a password; else it is "".
func (a *App) SetupToken() string { return a.auth.SetupToken() }

// CheckOps says what people will miss in Slack because there is no ops channel, nil
// if nothing.
func (a *App) CheckOps() error { return a.hub.CheckOps() }

// Store keeps what must survive.
func (a *App) Store() store.Store { return a.store }

// Stop ends everything gracefully: effects under way may come back until ctx ends.
func (a *App) Stop(ctx context.Context) error {
	if a.engine != nil {
		a.engine.Stop(ctx)
	}
	if a.cancel != nil {
		a.cancel()
	}
	a.work.Wait()
	return a.disk.Close()
}

func (a *App) slackLoop(ctx context.Context, hub *slack.Hub) {
	if err := hub.Run(ctx); err != nil && ctx.Err() == nil {
		a.o.Log.Error("Slack", "err", a.o.Lang.Err(err))
	}
}

// pruneLoop deletes ended runs that are older than they are kept.
func (a *App) pruneLoop(ctx context.Context) {
	for pause := time.Minute; ; pause = time.Hour {
		select {
		case <-time.After(failpoint.Sooner(pause)):
		case <-ctx.Done():
			return
		}
		if _, err := a.disk.Prune(ctx, time.Now().Add(-a.o.Keep), a.o.KeepBytes); err != nil && ctx.Err() == nil {
			a.o.Log.Error("old runs could not be deleted", "err", a.o.Lang.Err(err))
		}
	}
}
