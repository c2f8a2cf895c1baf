package engine

import (
	"log/slog"
	"time"

	"toban/internal/flow"
	"toban/internal/locale"
	"toban/internal/message"
	"toban/internal/node"
	"toban/internal/store"
)

// Config is what an engine works with. Store, Types and Build are required.
type Config struct {
	Store store.Store
	Types *node.Registry
	// Build makes the graph of a stored flow file, for runs that began on an
	// older revision.
	Build func(file []byte) (*flow.Graph, error)
	// Desk shows questions; nil: they are answered over the API only.
	Desk node.Desk
	// HTTP takes the handlers of http in nodes; nil: there are none.
	HTTP node.Router
	// Credential gives a node's secret; nil: there are none.
	Credential func(nodeID, name string) string
	// Getenv looks up a variable of the process; Setting a runtime setting. nil: none.
	Getenv  func(name string) (string, bool)
	Setting func(name string) message.Value

	DataDir string
	Lang    locale.Lang
	Zone    *time.Location
	Log     *slog.Logger
	// Observer is told what happens; nil: nobody is.
	Observer Observer
	// Rehearse makes every run a rehearsal.
	Rehearse bool
	// Now is the clock.
	Now func() time.Time
	// AfterFunc calls f in a goroutine of its own once d has passed, unless stop
	// is called before; nil: time.AfterFunc.
	AfterFunc func(d time.Duration, f func()) (stop func())
	// ClockCheck is how often the wall clock is compared with one that can't be
	// set, so that deadlines follow when it jumps. 0: never.
	ClockCheck time.Duration
	// Turn is called by a partition's loop before it takes up work, and before an
	// effect begins; it may block: there a simulation decides who goes on. nil:
	// everybody does at once.
	Turn func(who string)

	// PerResource and PerRun cap the effects in flight of one connection and of
	// one run. 0: 8 and 32.
	PerResource, PerRun int
	// MaxSteps ends a run that has had so many deliveries. 0: 100,000.
	MaxSteps int
}

func (c *Config) setDefaults() {
	if c.Zone == nil {
		c.Zone = time.Local
	}
	if c.Lang == "" {
		c.Lang = locale.EN
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.AfterFunc == nil {
		c.AfterFunc = afterFunc
	}
	if c.Turn == nil {
		c.Turn = func(string) {}
	}
	if c.Observer == nil {
		c.Observer = Silent{}
	}
	if c.PerResource == 0 {
		c.PerResource = 8
	}
	if c.PerRun == 0 {
		c.PerRun = 32
	}
	if c.MaxSteps == 0 {
		c.MaxSteps = 100_000
	}
}

func afterFunc(d time.Duration, f func()) (stop func()) {
	t := time.AfterFunc(d, f)
	return func() { t.Stop() }
}

// Observer is told what happens, as it happens. Its methods are called in the
// loops of partitions (Logged also elsewhere) and must be quick and safe for
// concurrent use.
type Observer interface {
	// Received: a message arrives at a node, before the node handles it.
	Received(nodeID string, msg *message.Object)
	// Logged: a log entry of a node. An error that a catch node takes is not logged.
	Logged(e LogEntry)
	// Called: a node reported an error, warning or log text, or set its status;
	// unlike Logged also for errors that are caught.
	Called(nodeID, method string, what any)
	Status(nodeID string, s node.Status)
	Debugged(n *flow.Node, d node.Debug)
	// RunChanged: a run began, or the row of a stored run changed.
	RunChanged(r store.Run)
	// QuestionChanged: a question was stored or ended.
	QuestionChanged(q store.Question)
}

// LogEntry is one log entry. Node is nil for entries of the engine itself. What
// is an error or a message value.
type LogEntry struct {
	Level node.Level
	Node  *flow.Node
	What  any
	Time  time.Time
}

// Silent is an Observer that ignores everything; embed it to observe only a part.
type Silent struct{}

// The empty methods of Observer.
func (Silent) Received(string, *message.Object) {}
func (Silent) Logged(LogEntry)                  {}
func (Silent) Called(string, string, any)       {}
func (Silent) Status(string, node.Status)       {}
func (Silent) Debugged(*flow.Node, node.Debug)  {}
func (Silent) RunChanged(store.Run)             {}
func (Silent) QuestionChanged(store.Question)   {}

var _ Observer = Silent{}
