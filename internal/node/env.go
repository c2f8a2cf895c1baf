package node

import (
	"net/http"
	"time"

	"toban/internal/locale"
	"toban/internal/message"
)

// Env is what a node sees of the engine. It belongs to one node and stays valid
// until the node is closed. Unless said otherwise its methods are for the
// partition's loop.
type Env interface {
	// ID, Type and Name are the node's; Flow is the id of its tab, subflow
	// instance, or "" for a global config node; Label is the name, else the
	// type and id, for error texts.
	ID() string
	Type() string
	Name() string
	Flow() string
	Label() string
	// Outputs is the number of output ports that have wires, Wired whether a port leads anywhere.
	Outputs() int
	Wired(port int) bool
	// Props is the node's whole configuration as in the flow file, with ${NAME} replaced.
	Props() *message.Object
	// Credential gives a secret of this node by its property name, "" when unset.
	Credential(name string) string
	// Config gives a running config node by its id. Callers assert the type.
	Config(id string) (Node, bool)
	// Peer finds a node's configuration anywhere in the flow file by id (link call, catch).
	Peer(id string) (typ, flow string, ok bool)
	// Peers lists the running nodes of a type in the whole flow file (link call by name).
	Peers(typ string) []Peer

	// Now is the engine's clock. After calls f in the loop once d has passed; it
	// does not survive a restart (rows of State do). Both are safe anywhere.
	Now() time.Time
	After(d time.Duration, f func()) (cancel func())
	// Do calls f in the loop, soon. Safe anywhere; for results from other goroutines.
	Do(f func())

	// Status shows a status under the node; it also feeds status nodes.
	Status(s Status)
	// Log writes a log entry for this node. what is an error (shown in the
	// server's language) or a message value. Safe anywhere.
	Log(level Level, what any)
	// Debug publishes a value in the editor's debug sidebar.
	Debug(d Debug)
	// Emit sends messages from outside any step, beginning a new run.
	Emit(out Outputs)

	// Context gives the node's, flow's or global context.
	Context(scope Scope) Context
	// State is the node's own rows.
	State() State
	// Getenv looks up an environment variable as flows see it: groups, subflow
	// instance, tab, global-config, process.
	Getenv(name string) (message.Value, bool)
	// Setting gives a runtime setting by Node-RED's name (functionTimeout,
	// nodeMessageBufferMaxLength, fileWorkingDirectory …); undefined when unset.
	Setting(name string) message.Value
	// DataDir is the data folder, "" when there is none.
	DataDir() string
	// Lang is the language of the server's texts, Zone its time zone.
	Lang() locale.Lang
	Zone() *time.Location
	// HTTP registers handlers for http in nodes. Safe anywhere.
	HTTP() Router
}

// Peer is another node of the flow file.
type Peer struct {
	ID, Name string
	Flow     string // as Env.Flow gives it
	Inside   bool   // it stands inside a subflow instance
}

// Router takes handlers for paths below the HTTP node root.
type Router interface {
	// Handle answers method and path (Node-RED's :name and * forms) with h until
	// remove is called. A path that is taken or reserved is an error.
	Handle(method, path string, h http.HandlerFunc) (remove func(), err error)
}

// Scope says whose context is meant.
type Scope string

// The scopes of context.
const (
	NodeScope   Scope = "node"
	FlowScope   Scope = "flow"
	GlobalScope Scope = "global"
)

// Context is a durable map of values. A path is a property expression such as
// a.b[0]["c d"]; store "" is the default store. Errors are Node-RED's for bad paths.
type Context interface {
	Get(store, path string) (message.Value, error)
	Set(store, path string, v message.Value) error
	Keys(store string) ([]string, error)
}

// Status is the mark under a node: Fill red, green, yellow, blue or grey; Shape
// dot or ring. The zero Status clears it. Value, if set, replaces the rest (a
// function node may show any object).
type Status struct {
	Fill, Shape, Text string
	Value             message.Value
}

// Level is a log level, with Node-RED's numbers.
type Level int

// The log levels.
const (
	Fatal      Level = 10
	Error      Level = 20
	Warn       Level = 30
	Info       Level = 40
	DebugLevel Level = 50
	Trace      Level = 60
)

// Debug is one entry of the debug sidebar.
type Debug struct {
	Topic    message.Value // of the message
	Property string        // "payload", "" for the whole message
	Msg      message.Value
	Level    Level // 0, or the level of an error shown as debug
	ID       string
}

// Row is one row of a node's state.
type Row struct {
	Seq   uint64 // order; 0 in Put makes a new row
	Key   string
	Value message.Value
	Due   time.Time // zero: never by itself
	Step  Step      // the open step whose message the row holds, nil if none
}

// State is a node's durable rows, kept in the same cut as the deliveries that change them.
type State interface {
	// Rows lists the rows in order of Seq.
	Rows() []Row
	// Put adds a row or replaces the one with its Seq, and returns it. A row
	// with a Step keeps that step open (as if Defer was called) over restarts.
	Put(r Row) Row
	// Delete removes a row; its step, if any, is then the caller's to end.
	Delete(seq uint64)
}
