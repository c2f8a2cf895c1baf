package functionnode

import (
	_ "embed"
	"time"

	"toban/internal/js"
	"toban/internal/locale"
	"toban/internal/message"
	"toban/internal/node"
)

//go:embed texts.json
var texts []byte

var _ = locale.Register(texts)

// Register adds the type to a registry.
func Register(r *node.Registry) {
	r.Add(node.Type{Name: "function", New: func() node.Node { return &Function{} }})
}

// Function is a function node.
type Function struct {
	Func       string  `flow:"func"`
	Outputs    float64 `flow:"outputs" default:"1"`
	Timeout    float64 `flow:"timeout"` // seconds; 0: the server's setting
	Initialize string  `flow:"initialize"`
	Finalize   string  `flow:"finalize"`
	Libs       []lib   `flow:"libs"`

	env     node.Env
	code    code
	vm      *js.VM
	fns     functions
	state   phase
	failure error // of the set-up code, when state is broken

	calls    map[int]*call
	lastCall int
	setup    *call   // the set-up code's, while it runs
	waiting  []*call // arrived before the set-up code was done
	current  *call   // on whose behalf JavaScript runs now
	turns    int     // nesting of turns
	after    []func()
	timers   map[int]*timer
	links    map[string]*linkCall
	status   bool // the code has set a status
	closing  bool
}

// lib is a module that the code wants under a name.
type lib struct {
	Var    string `flow:"var"`
	Module string `flow:"module"`
}

// phase is how far the node is.
type phase int

const (
	asleep  phase = iota // no VM yet
	setting              // the set-up code runs
	ready
	broken // the set-up code failed
)

// Provision compiles the code, so that mistakes show at deploy, and begins the
// set-up code if there is any.
func (n *Function) Provision(env node.Env) error {
	n.env = env
	n.calls = map[int]*call{}
	n.timers = map[int]*timer{}
	n.links = map[string]*linkCall{}
	if err := n.checkLibs(); err != nil {
		return err
	}
	var err error
	if n.code, err = n.compile(); err != nil {
		return err
	}
	if n.code.initialize != nil {
		n.state = setting
		env.Do(n.begin)
	}
	return nil
}

// limit gives the time that one piece of JavaScript may take: the node's
// timeout, else the server's setting, else package js's default.
func (n *Function) limit() time.Duration {
	if n.Timeout > 0 {
		return seconds(n.Timeout)
	}
	for _, name := range []string{"globalFunctionTimeout", "functionTimeout"} {
		if s := message.ToNumber(n.env.Setting(name)); s > 0 {
			return seconds(s)
		}
	}
	return js.DefaultTime
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

// Close runs the close handlers and the clean-up code, and frees the VM.
func (n *Function) Close(removed bool) error {
	if n.closing {
		return nil
	}
	n.closing = true
	err := n.finish(removed)
	for _, t := range n.timers {
		t.cancel()
	}
	if n.status {
		n.env.Status(node.Status{})
	}
	n.discard()
	return err
}

var (
	_ node.Provisioner = (*Function)(nil)
	_ node.Receiver    = (*Function)(nil)
	_ node.Closer      = (*Function)(nil)
)
