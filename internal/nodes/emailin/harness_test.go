package emailin_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"toban/internal/message"
	"toban/internal/node"
	"toban/internal/node/nodetest"
	"toban/internal/nodes/emailin"
	"toban/internal/sim/mailbox"
)

// engine takes events as the real one does: one run per key, safe when the test says so.
type engine struct {
	mu     sync.Mutex
	events []node.Event
	byKey  map[string]*receipt
	cursor message.Value
	unsafe bool          // new events are not safe until release
	block  chan struct{} // Emit waits for it, if set
}

type receipt struct {
	safe     chan struct{}
	repeated bool
}

func (r *receipt) Run() string    { return "r" }
func (r *receipt) Repeated() bool { return r.repeated }
func (r *receipt) Safe(ctx context.Context) error {
	select {
	case <-r.safe:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func newEngine() *engine { return &engine{byKey: map[string]*receipt{}} }

func (e *engine) Emit(ctx context.Context, ev node.Event) (node.Receipt, error) {
	if e.block != nil {
		select {
		case <-e.block:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if known := e.byKey[ev.Key]; known != nil {
		return &receipt{known.safe, true}, nil
	}
	r := &receipt{safe: make(chan struct{})}
	if !e.unsafe {
		close(r.safe)
	}
	e.byKey[ev.Key] = r
	e.events = append(e.events, ev)
	return r, nil
}

func (e *engine) Cursor(context.Context) (message.Value, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.cursor, nil
}

func (e *engine) SetCursor(_ context.Context, v message.Value) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.cursor = v
	return nil
}

func (e *engine) release() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.unsafe = false
	for _, r := range e.byKey {
		select {
		case <-r.safe:
		default:
			close(r.safe)
		}
	}
}

func (e *engine) titles() (titles []string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, ev := range e.events {
		titles = append(titles, ev.Title)
	}
	return titles
}

func (e *engine) count() int { return len(e.titles()) }

// fixture is a running node.
type fixture struct {
	*nodetest.Harness
	t      *testing.T
	engine *engine
	stop   func()
}

var emailIn = func(t *testing.T) node.Type { return nodetest.Registered(t, "e-mail in", emailin.Register) }

func props(s *mailbox.Server, more ...message.Value) *message.Object {
	p := message.NewObject("server", s.Host(), "port", float64(s.Port()), "useSSL", "false", "protocol", "IMAP",
		"box", "INBOX", "disposition", "Read", "repeat", "60", "name", "mail")
	for i := 0; i+1 < len(more); i += 2 {
		p = p.With(more[i].(string), more[i+1])
	}
	return p
}

func credentials(s *mailbox.Server) nodetest.Option {
	return func(e *nodetest.Env) {
		e.Credentials = map[string]string{"userid": s.User(), "password": s.Password()}
	}
}

func run(t *testing.T, e *engine, props *message.Object, options ...nodetest.Option) *fixture {
	t.Helper()
	f := &fixture{Harness: nodetest.New(t, emailIn(t), props, options...), t: t, engine: e}
	if f.Err != nil {
		t.Fatal(f.Err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := f.Node.(node.Source).Run(ctx, e); err != nil {
			t.Error(err)
		}
	}()
	f.stop = sync.OnceFunc(func() {
		cancel()
		for {
			select {
			case <-done:
				return
			case <-time.After(time.Millisecond):
				f.Env.Drain()
			}
		}
	})
	t.Cleanup(f.stop)
	return f
}

// until plays the loop and lets time pass, poll after poll, until ok holds.
func (f *fixture) until(what string, ok func() bool) {
	f.t.Helper()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(200 * time.Microsecond) {
		f.Advance(time.Second)
		if ok() {
			return
		}
		if time.Now().After(deadline) {
			f.t.Fatalf("still waiting for: %s; %d events, statuses %v", what, f.engine.count(), f.statuses())
		}
	}
}

// polls lets some polls pass.
func (f *fixture) polls() {
	f.t.Helper()
	seen := map[string]bool{}
	f.until("polls", func() bool {
		seen[f.status()] = true
		return len(seen) > 3
	})
}

func (f *fixture) statuses() (texts []string) {
	f.Env.Status(node.Status{}) // its lock orders us after the node
	for _, s := range f.Env.Statuses {
		if s.Text != "" {
			texts = append(texts, s.Text)
		}
	}
	return texts
}

// logged is the log.
func (f *fixture) logged() string {
	f.Env.Status(node.Status{}) // as above
	return fmt.Sprint(f.Env.Logs)
}

func (f *fixture) status() string {
	all := f.statuses()
	if len(all) == 0 {
		return ""
	}
	return all[len(all)-1]
}

func start(t *testing.T, o mailbox.Options) *mailbox.Server {
	t.Helper()
	s, err := mailbox.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func add(t *testing.T, s *mailbox.Server, m mailbox.Mail) uint32 {
	t.Helper()
	uid, err := s.Add(m)
	if err != nil {
		t.Fatal(err)
	}
	return uid
}
