package server

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"toban/internal/auth"
	"toban/internal/comms"
	"toban/internal/console"
	"toban/internal/editor"
	"toban/internal/engine"
	"toban/internal/flow"
	"toban/internal/library"
	"toban/internal/locale"
	"toban/internal/message"
	"toban/internal/node"
	"toban/internal/probe"
)

// Flows is the deployed flow file.
type Flows interface {
	// Current is the deployed file, without credentials.
	Current() *flow.File
	// Problems are what is wrong with it.
	Problems() []flow.Problem
	// Deploy makes file the deployed one. ErrVersion: it was made from another
	// one than is deployed. *EndsOpen: see DeployOptions.
	Deploy(ctx context.Context, file *flow.File, o DeployOptions) ([]flow.Problem, error)
	// Restart runs the deployed file anew.
	Restart(ctx context.Context) ([]flow.Problem, error)
	// Credentials is what may be shown of a node's credentials.
	Credentials(id, typ string) *message.Object
}

// Config is what a server works with. All of it but Slack and Hosts is required.
type Config struct {
	Engine *engine.Engine
	Store  *console.Watched
	Flows  Flows
	Types  *node.Registry
	// Auth knows who may do what.
	Auth *auth.Keeper
	// Nodes answers the requests for http in nodes; NodeRoot is what stands before their paths.
	Nodes    http.Handler
	NodeRoot string
	Observer *Observer
	// Editor is the flow editor.
	Editor *editor.Assets
	// Library is what people save from the editor.
	Library *library.Library
	// Prober tries connections before they are deployed.
	Prober *probe.Prober
	// Setting gives a runtime setting by Node-RED's name, undefined if it isn't set.
	Setting func(name string) message.Value
	// Slack takes interactions over HTTP; nil: they come over Socket Mode only.
	Slack http.Handler
	// Hosts are the names, besides addresses and localhost, under which people reach the server.
	Hosts []string
	// Proxies are the reverse proxies in front, besides those on this machine.
	Proxies Proxies
	// FlowPages says where pages of flows are not in a sandbox.
	FlowPages FlowPages
	// Permalink gives the address of a message in Slack, "" if it isn't known; nil: it never is.
	Permalink func(connection, ref string) string
	// PersonName gives the name of a person in Slack, "" if it isn't known before ctx ends; nil: it never is.
	PersonName func(ctx context.Context, connection, id string) string
	// Zone is where the console's times are; nil: the machine's.
	Zone *time.Location
	Lang locale.Lang
	Log  *slog.Logger
}

// Server answers all HTTP requests. It is safe for concurrent use.
type Server struct {
	cfg            Config
	mux            *http.ServeMux
	savingSettings sync.Mutex
	crossOrigin    *http.CrossOriginProtection
	metrics        http.Handler
}

// New makes a server.
func New(cfg Config) *Server {
	s := &Server{
		cfg: cfg, mux: http.NewServeMux(),
		crossOrigin: http.NewCrossOriginProtection(),
		metrics:     metricsHandler(cfg),
	}
	for _, rt := range s.routes() {
		s.mux.Handle(rt.pattern, s.guard(rt))
	}
	return s
}

// ServeHTTP answers with our own route if there is one, else with an http in node's.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if _, pattern := s.mux.Handler(r); pattern != "" || ours(r.URL.Path) {
		secure(w.Header()) // the mux itself answers, too: 404, 405, redirects
		s.mux.ServeHTTP(w, r)
		return
	}
	s.serveFlows(w, r)
}

// Comms is the editor's live channel.
func (s *Server) Comms() *comms.Hub { return &s.cfg.Observer.hub }
