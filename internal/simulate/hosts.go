package simulate

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"toban/internal/message"
	"toban/internal/node"
)

// act touches the world: it runs on a host.
type act struct {
	Policy   string `flow:"policy" default:"once"` // once, repeat, observe
	Resource string `flow:"resource"`
	Serial   bool   `flow:"serial"`
	Local    bool   `flow:"local"`

	p   *process
	env node.Env
}

func (n *act) Provision(env node.Env) error { n.env = env; return nil }

func (n *act) Plan(_ node.Step, msg *message.Object) (*node.Effect, error) {
	done := msg.With("acted", n.env.ID())
	eff := &node.Effect{
		Preview: node.Preview{Action: "act", Target: n.env.ID(), Detail: msg.Text("event")}, Resource: n.Resource, Serial: n.Serial, Local: n.Local,
		Channel:   "duty",
		Rehearsed: func() node.Outputs { return node.First(done) },
		Perform: func(_ context.Context, key node.Key) (node.Outputs, error) {
			return n.p.perform(n, string(key), msg.Text("event"), done)
		},
	}
	switch n.Policy {
	case "repeat":
		eff.Policy = node.Repeat
	case "observe":
		eff.Observe = func(_ context.Context, a node.Attempt) (node.Observation, error) {
			return n.p.observe(string(a.Key), done)
		}
	}
	return eff, nil
}

// hosts count what is run on them.
type hosts struct {
	mu       sync.Mutex
	attempts map[string]*attempt // by step key and attempt
	starts   map[string]int      // by step key
	owner    map[string]string   // by event and node: the run that acts for it
}

// attempt is one attempt at one step's effect, as the host and the process saw it.
type attempt struct {
	started bool // the host began
	failed  bool // and it ended badly
	told    verdict
}

// verdict is what the engine has been told of an attempt.
type verdict uint8

const (
	nothing verdict = iota
	success
	failure
	unknown
	absent // it never began
)

func newHosts() *hosts {
	return &hosts{attempts: map[string]*attempt{}, starts: map[string]int{}, owner: map[string]string{}}
}

// stepKey is an effect's key without the attempt.
func stepKey(key string) string { return key[:strings.LastIndexByte(key, '.')] }

var (
	errRefused = errors.New("the host refuses the connection")
	errExit    = errors.New("exit code 1")
	errLost    = errors.New("the connection is lost")
)

// perform is what an effect does outside the loop: it starts on the host, and ends.
func (p *process) perform(n *act, key, event string, done *message.Object) (out node.Outputs, err error) {
	if n.Local {
		return node.First(done), nil
	}
	h := p.h
	p.mayStart(key, event)
	a := h.hosts.attempt(key)
	begin := func() { h.begin(n, a, key) }
	begun := false
	alive := p.pass(&op{name: "start " + key, late: begin, ways: []way{
		{"begins", func() { begin(); begun = true }},
		{"refused", func() { err, a.told = errRefused, failure }},
		{"lost on the way", func() { err, a.told = errors.Join(errLost, node.ErrUnknown), unknown }},
	}})
	if !alive {
		return nil, errors.Join(errLost, node.ErrUnknown)
	}
	if !begun {
		return nil, err
	}
	alive = p.pass(&op{name: "end " + key, late: func() {}, ways: []way{
		{"well", func() { out, a.told = node.First(done), success }},
		{"badly", func() { a.failed, a.told, err = true, failure, errExit }},
		{"unheard", func() { err, a.told = errors.Join(errLost, node.ErrUnknown), unknown }},
	}})
	if !alive {
		return nil, errors.Join(errLost, node.ErrUnknown)
	}
	return out, err
}

// attempt finds the record of an attempt, or begins it.
func (w *hosts) attempt(key string) *attempt {
	w.mu.Lock()
	defer w.mu.Unlock()
	a := w.attempts[key]
	if a == nil {
		a = &attempt{}
		w.attempts[key] = a
	}
	return a
}

// begin is the start on the host: here P4 is counted.
func (h *history) begin(n *act, a *attempt, key string) {
	w := h.hosts
	a.started = true
	h.totals.Effects++
	step := stepKey(key)
	w.starts[step]++
	allowed := 1 + h.desk.again[step]
	if n.Policy == "repeat" {
		allowed += h.lives - 1
	}
	if w.starts[step] > allowed {
		h.violated("P4", "%s started %d times, %d allowed", h.names(key), w.starts[step], allowed)
	}
}

// observe tells truly whether an attempt happened, or that it can't tell.
func (p *process) observe(key string, done *message.Object) (seen node.Observation, err error) {
	a := p.h.hosts.attempt(key)
	truth := func() {
		switch {
		case !a.started:
			a.told = absent
			seen = node.Observation{Happened: node.DidNot}
		case a.failed:
			a.told = failure
			seen = node.Observation{Happened: node.Happened, Err: errExit}
		default:
			a.told = success
			seen = node.Observation{Happened: node.Happened, Outputs: node.First(done)}
		}
	}
	p.pass(&op{name: "observe " + key, ways: []way{
		{"seen", truth},
		{"can't tell", func() { seen = node.Observation{Note: "nothing seen"} }},
		{"fails", func() { err = errRefused }},
	}})
	return seen, err
}

// mayStart checks, as the engine is about to start an effect, that it may.
func (p *process) mayStart(key, event string) {
	h := p.h
	if p.isDead() {
		return
	}
	if h.mood.rehearse {
		h.violated("rehearsal", "%s is performed in a rehearsal", h.names(key))
	}
	run, step, number := splitKey(key)
	s, row := h.storedStep(run, step)
	switch {
	case s == nil:
		h.violated("P4", "%s starts and is not stored", h.names(key))
	case s.State.String() != "reserved" || s.Attempt != number:
		h.violated("P4", "%s starts, stored are state %s and attempt %d", h.names(key), s.State, s.Attempt)
	case !row.EndedAt.IsZero():
		h.violated("P4", "%s starts although its run has ended", h.names(key))
	}
	h.oneRun(event, run)
}

// mayLaunch checks, as the engine lets go an effect, that nobody has been told
// that its run is cancelled. What has been let go can't be called back.
func (p *process) mayLaunch(key string) {
	if run, _, _ := splitKey(key); !p.isDead() && p.h.wasCancelled(run) {
		p.h.violated("P3", "%s starts although its run was cancelled", p.h.names(key))
	}
}

// oneRun checks P2: all that one mail sets off is done by one run.
func (h *history) oneRun(event, run string) {
	if !h.mail.keyed(event) {
		return
	}
	h.hosts.mu.Lock()
	defer h.hosts.mu.Unlock()
	if first := h.hosts.owner[event]; first == "" {
		h.hosts.owner[event] = run
	} else if first != run {
		h.violated("P2", "%s is acted on by two runs, %s and %s", event, h.names(first), h.names(run))
	}
}

func splitKey(key string) (run string, step, number int) {
	var rest string
	run, rest, _ = strings.Cut(key, ".")
	if _, err := fmt.Sscanf(rest, "%d.%d", &step, &number); err != nil {
		return run, -1, -1
	}
	return run, step, number
}
