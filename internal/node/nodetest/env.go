package nodetest

import (
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"toban/internal/locale"
	"toban/internal/message"
	"toban/internal/node"
)

// Env is the engine as one node sees it. Set the exported fields in an [Option];
// read the recorded ones after a delivery.
type Env struct {
	// What the node finds.
	Credentials map[string]string
	Configs     map[string]node.Node
	PeerTypes   map[string][2]string   // id -> type, flow
	Siblings    map[string][]node.Peer // by type
	Vars        map[string]message.Value
	Settings    map[string]message.Value
	Language    locale.Lang
	TimeZone    *time.Location
	Folder      string
	FlowID      string
	Rehearsal   bool
	Ports       int // output ports, all wired

	// What the node did.
	Statuses []node.Status
	Logs     []LogEntry
	Debugs   []node.Debug
	Emitted  []node.Outputs
	Routes   map[string]http.HandlerFunc // "GET /path"

	t        testing.TB
	typ      string
	props    *message.Object
	wake     func(node.Row)
	mu       sync.Mutex // guards what other goroutines may touch
	now      time.Time
	off      time.Duration // what SetClock added
	timers   []*timer
	queue    []func()
	state    *state
	contexts map[node.Scope]*memory
}

// LogEntry is one entry of the log.
type LogEntry struct {
	Level node.Level
	What  any
}

// String is the entry as the log shows it in English.
func (l LogEntry) String() string {
	if err, ok := l.What.(error); ok {
		return locale.EN.Err(err)
	}
	return message.ToString(l.What)
}

// Epoch is where the virtual clock starts.
var Epoch = time.Date(2026, 4, 1, 9, 0, 0, 0, time.UTC)

func newEnv(t testing.TB, typ string, props *message.Object) *Env {
	for _, p := range [][2]string{{"id", "n1"}, {"type", typ}} {
		if _, present := props.Lookup(p[0]); !present {
			props = props.With(p[0], p[1])
		}
	}
	e := &Env{
		t: t, typ: typ, props: props, now: Epoch, Ports: 2,
		Language: locale.EN, TimeZone: time.UTC, FlowID: "f1",
		Routes: map[string]http.HandlerFunc{},
		contexts: map[node.Scope]*memory{
			node.NodeScope: newMemory(), node.FlowScope: newMemory(), node.GlobalScope: newMemory(),
		},
	}
	if wires, ok := props.Get("wires").(*message.Array); ok {
		e.Ports = wires.Len()
	}
	e.state = &state{}
	return e
}

// ID is the id of the properties.
func (e *Env) ID() string { return e.props.Text("id") }

// Type is the type of the properties.
func (e *Env) Type() string { return e.props.Text("type") }

// Name is the name of the properties.
func (e *Env) Name() string { return e.props.Text("name") }

// Flow is FlowID.
func (e *Env) Flow() string { return e.FlowID }

// Label is the name, else type and id.
func (e *Env) Label() string {
	if name := e.Name(); name != "" {
		return name
	}
	return e.Type() + " " + e.ID()
}

// Outputs is Ports.
func (e *Env) Outputs() int { return e.Ports }

// Wired says that all ports are wired.
func (e *Env) Wired(port int) bool { return port < e.Ports }

// Props gives the properties.
func (e *Env) Props() *message.Object { return e.props }

// Credential looks into Credentials.
func (e *Env) Credential(name string) string { return e.Credentials[name] }

// Config looks into Configs.
func (e *Env) Config(id string) (node.Node, bool) {
	n, ok := e.Configs[id]
	return n, ok
}

// Peer looks into PeerTypes.
func (e *Env) Peer(id string) (typ, flow string, ok bool) {
	p, ok := e.PeerTypes[id]
	return p[0], p[1], ok
}

// Peers looks into Siblings.
func (e *Env) Peers(typ string) []node.Peer { return e.Siblings[typ] }

// Status records a status.
func (e *Env) Status(s node.Status) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.Statuses = append(e.Statuses, s)
}

// Log records a log entry.
func (e *Env) Log(level node.Level, what any) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.Logs = append(e.Logs, LogEntry{level, what})
}

// Debug records a debug entry.
func (e *Env) Debug(d node.Debug) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.Debugs = append(e.Debugs, d)
}

// Emit records messages that begin a run.
func (e *Env) Emit(out node.Outputs) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.Emitted = append(e.Emitted, out)
}

// Context gives a context in memory, empty at first.
func (e *Env) Context(scope node.Scope) node.Context { return e.contexts[scope] }

// State gives rows in memory.
func (e *Env) State() node.State { return e.state }

// Getenv looks into Vars.
func (e *Env) Getenv(name string) (message.Value, bool) {
	v, ok := e.Vars[name]
	return v, ok
}

// Setting looks into Settings.
func (e *Env) Setting(name string) message.Value { return e.Settings[name] }

// DataDir is Folder.
func (e *Env) DataDir() string { return e.Folder }

// Lang is Language.
func (e *Env) Lang() locale.Lang { return e.Language }

// Zone is TimeZone.
func (e *Env) Zone() *time.Location { return e.TimeZone }

// HTTP takes routes into Routes.
func (e *Env) HTTP() node.Router { return router{e} }

type router struct{ env *Env }

// Handle records the handler under "METHOD /path".
func (r router) Handle(method, path string, h http.HandlerFunc) (remove func(), err error) {
	r.env.mu.Lock()
	defer r.env.mu.Unlock()
	key := method + " " + path
	if _, taken := r.env.Routes[key]; taken {
		return nil, fmt.Errorf("route %s is taken", key)
	}
	r.env.Routes[key] = h
	return func() {
		r.env.mu.Lock()
		defer r.env.mu.Unlock()
		delete(r.env.Routes, key)
	}, nil
}

var _ node.Env = (*Env)(nil)
