package engine_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"toban/internal/engine"
	"toban/internal/flow"
	"toban/internal/message"
	"toban/internal/node"
	"toban/internal/store"
	"toban/internal/store/memory"
)

// world is what the flows under test can touch.
type world struct {
	mu      sync.Mutex
	done    []string // effects that happened, in order
	arrived []string // messages that reached an "end" node
	fail    map[string]error
	block   map[string]chan struct{}
	observe map[string]node.Observation
	look    map[string]func(node.Attempt, *message.Object) (node.Observation, error)
	tally   tally
}

func newWorld() *world {
	return &world{fail: map[string]error{}, block: map[string]chan struct{}{}, observe: map[string]node.Observation{},
		look: map[string]func(node.Attempt, *message.Object) (node.Observation, error){}}
}

func (w *world) effects() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]string(nil), w.done...)
}

func (w *world) ends() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]string(nil), w.arrived...)
}

// pass sends on what it receives.
type pass struct{}

func (pass) Receive(step node.Step, msg *message.Object) error {
	step.Send(node.First(msg))
	return nil
}

// end notes what arrives.
type end struct{ w *world }

func (n *end) Receive(_ node.Step, msg *message.Object) error {
	n.w.mu.Lock()
	defer n.w.mu.Unlock()
	text := message.ToString(msg.Get("payload"))
	if e, ok := msg.Get("error").(*message.Object); ok {
		text = "error: " + e.Text("message")
	}
	n.w.arrived = append(n.w.arrived, text)
	return nil
}

// act touches the world: it notes its own name.
type act struct {
	Policy string `flow:"policy"`
	w      *world
	env    node.Env
}

func (n *act) Provision(env node.Env) error { n.env = env; return nil }

func (n *act) Plan(_ node.Step, msg *message.Object) (*node.Effect, error) {
	name := n.env.Name()
	eff := &node.Effect{
		Preview:   node.Preview{Action: "act", Target: "world", Detail: name},
		Rehearsed: func() node.Outputs { return node.First(msg) },
		Perform: func(ctx context.Context, _ node.Key) (node.Outputs, error) {
			n.w.mu.Lock()
			n.w.done = append(n.w.done, name)
			gate, err := n.w.block[name], n.w.fail[name]
			n.w.mu.Unlock()
			if gate != nil {
				select {
				case <-gate:
				case <-ctx.Done():
					return nil, ctx.Err()
				}
			}
			if err != nil {
				return nil, err
			}
			return node.First(msg), nil
		},
	}
	if n.Policy == "repeat" {
		eff.Policy = node.Repeat
	}
	if look, ok := n.w.look[name]; ok {
		eff.Trail, eff.Observe = "trail of "+name, func(_ context.Context, a node.Attempt) (node.Observation, error) {
			return look(a, msg)
		}
	}
	if seen, ok := n.w.observe[name]; ok {
		eff.Observe = func(context.Context, node.Attempt) (node.Observation, error) { return seen, nil }
	}
	return eff, nil
}

// ask asks yes or no.
type ask struct {
	Minutes int `flow:"minutes" default:"30"`
}

func (n *ask) Ask(node.Step, *message.Object) (*node.Question, error) {
	return &node.Question{Title: "ok?", Channel: "general", Timeout: time.Duration(n.Minutes) * time.Minute,
		Choices: []node.Choice{{Value: "yes"}, {Value: "no"}}, Approvers: nil}, nil
}

func (n *ask) Answered(step node.Step, msg *message.Object, a node.Answer) error {
	step.Send(node.First(msg.With("payload", a.Value)))
	return nil
}

// hold keeps a message for a minute.
type hold struct{ env node.Env }

func (n *hold) Provision(env node.Env) error { n.env = env; return nil }

func (n *hold) Receive(step node.Step, msg *message.Object) error {
	n.env.State().Put(node.Row{Value: msg, Due: n.env.Now().Add(time.Minute), Step: step})
	return nil
}

func (n *hold) Wake(row node.Row) error {
	n.env.State().Delete(row.Seq)
	row.Step.Send(node.First(row.Value.(*message.Object)))
	row.Step.Done()
	return nil
}

// fail always fails.
type fail struct{}

func (fail) Receive(node.Step, *message.Object) error { return fmt.Errorf("boom") }

// count keeps a number in flow context.
type count struct{ env node.Env }

func (n *count) Provision(env node.Env) error { n.env = env; return nil }

func (n *count) Receive(step node.Step, msg *message.Object) error {
	c := n.env.Context(node.FlowScope)
	v, err := c.Get("", "n")
	if err != nil {
		return err
	}
	old, _ := v.(float64)
	if err := c.Set("", "n", old+1); err != nil {
		return err
	}
	step.Send(node.First(msg.With("payload", old+1)))
	return nil
}

// src is a source that a test drives.
type src struct{ w *world }

var sources sync.Map // *world -> node.Emitter

func (n *src) Run(ctx context.Context, out node.Emitter) error {
	sources.Store(n.w, out)
	<-ctx.Done()
	return nil
}

func registry(w *world) *node.Registry {
	r := node.NewRegistry()
	for name, make := range map[string]func() node.Node{
		"pass":     func() node.Node { return &pass{} },
		"catch":    func() node.Node { return &pass{} },
		"link in":  func() node.Node { return &pass{} },
		"link out": func() node.Node { return &pass{} },
		"end":      func() node.Node { return &end{w: w} },
		"act":      func() node.Node { return &act{w: w} },
		"ask":      func() node.Node { return &ask{} },
		"hold":     func() node.Node { return &hold{} },
		"fail":     func() node.Node { return &fail{} },
		"fan":      func() node.Node { return &fan{} },
		"tally":    func() node.Node { return &w.tally },
		"count":    func() node.Node { return &count{} },
		"wait":     func() node.Node { return &wait{} },
		"src":      func() node.Node { return &src{w: w} },
	} {
		r.Add(node.Type{Name: name, New: make})
	}
	return r
}

// rig is one engine over a store; restart makes the next one as after a crash.
type rig struct {
	t     *testing.T
	w     *world
	store store.Store
	file  string
	desk  *desk
	*engine.Engine
	cfg engine.Config
}

func build(w *world, file []byte) (*flow.Graph, error) {
	f, err := flow.Parse(file)
	if err != nil {
		return nil, err
	}
	return flow.Build(f, flow.Options{Types: registry(w)}), nil
}

func start(t *testing.T, file string, edit ...func(*engine.Config)) *rig {
	t.Helper()
	r := &rig{t: t, w: newWorld(), store: memory.New(), file: file, desk: newDesk()}
	r.boot(edit...)
	t.Cleanup(func() { r.Stop(context.Background()) })
	return r
}

func (r *rig) boot(edit ...func(*engine.Config)) {
	r.t.Helper()
	r.cfg = engine.Config{Store: r.store, Types: registry(r.w), Desk: r.desk,
		Build: func(file []byte) (*flow.Graph, error) { return build(r.w, file) }}
	for _, e := range edit {
		e(&r.cfg)
	}
	r.Engine = engine.New(r.cfg)
	g, err := build(r.w, []byte(r.file))
	if err != nil {
		r.t.Fatal(err)
	}
	if _, err := r.Start(r.t.Context(), g, []byte(r.file)); err != nil {
		r.t.Fatal(err)
	}
	synctest.Wait()
}

// crash drops the engine as kill -9 would and starts the next on what the store has.
func (r *rig) crash(edit ...func(*engine.Config)) {
	r.t.Helper()
	r.Engine.Kill()
	r.boot(edit...)
}

// emit sends an event and waits until everything that can happen has happened.
func (r *rig) emit(key string) node.Receipt {
	r.t.Helper()
	v, _ := sources.Load(r.w)
	receipt, err := v.(node.Emitter).Emit(r.t.Context(), node.Event{Key: key, Title: key,
		Msg: message.NewObject("payload", key)})
	if err != nil {
		r.t.Fatal(err)
	}
	synctest.Wait()
	return receipt
}

func (r *rig) runs() []store.Run {
	time.Sleep(time.Second) // histories without effect are written lazily
	synctest.Wait()
	runs, err := r.store.Runs(r.t.Context(), store.RunFilter{})
	if err != nil {
		r.t.Fatal(err)
	}
	return runs
}

func (r *rig) question() store.Question {
	r.t.Helper()
	open, err := r.store.Questions(r.t.Context(), store.QuestionFilter{State: store.Open})
	if err != nil || len(open) != 1 {
		r.t.Fatalf("open questions: %v, %v", open, err)
	}
	return open[0]
}

// desk is where the questions of a test are shown.
type desk struct {
	mu    sync.Mutex
	cards []string // "post ok? open", "update ok? answered" …
	notes []string
	err   error
	lost  string // a question whose card stands although its posting failed
}

func newDesk() *desk { return &desk{} }

func (d *desk) Post(_ context.Context, c node.Card) (string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.cards = append(d.cards, "post "+c.Kind+" "+c.State)
	return "ref-" + c.ID, d.err
}

// shown lists what was posted and updated so far.
func (d *desk) shown() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.cards)
}

func (d *desk) Find(ctx context.Context, c node.Card) (string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if ctx.Err() == nil && d.lost == c.ID {
		return "ref-" + c.ID, nil
	}
	return "", ctx.Err()
}

func (d *desk) Update(_ context.Context, c node.Card, ref string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if ref != "ref-"+c.ID {
		return fmt.Errorf("wrong ref %q", ref)
	}
	d.cards = append(d.cards, "update "+c.Kind+" "+c.State)
	return nil
}

func (d *desk) Note(_ context.Context, _, channel, _, text string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.notes = append(d.notes, channel+": "+text)
	return nil
}

func msg(payload string) *message.Object { return message.NewObject("payload", payload) }

func replace(text, old, with string) string { return strings.ReplaceAll(text, old, with) }
