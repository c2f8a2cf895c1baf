package httpin

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"toban/internal/locale"
	"toban/internal/message"
	"toban/internal/node"
)

// In is an http in node.
type In struct {
	URL     string `flow:"url"`
	Method  string `flow:"method" default:"get"`
	Upload  bool   `flow:"upload"`          // not taken apart yet
	RawBody bool   `flow:"skipBodyParsing"` // msg.payload is the body as it came

	env     node.Env
	pattern *Pattern
	remove  func()
	out     atomic.Pointer[node.Emitter] // set while the source runs
	started chan struct{}                // closed when it first does
	once    sync.Once                    // closes it
	limit   int64                        // of a body, in bytes
	wait    time.Duration                // for an answer
	open    atomic.Int64                 // requests that wait for one
}

// What holds when no setting says otherwise.
const (
	defaultLimit = 5 << 20
	defaultWait  = 2 * time.Minute
	maxOpen      = 1000
	startTime    = 10 * time.Second // how long a request that comes before the source runs waits for it
)

// methods are those that the node can be set to.
var methods = map[string]bool{"get": true, "post": true, "put": true, "delete": true, "patch": true}

// Provision takes the node's path, so that a path that can't be had shows at deploy.
func (n *In) Provision(env node.Env) error {
	n.env, n.started = env, make(chan struct{})
	if env.Setting("httpNodeRoot") == false {
		return locale.Errorf("httpin.errors.not-created")
	}
	if n.URL == "" {
		return locale.Errorf("httpin.errors.missing-path")
	}
	n.Method = strings.ToLower(n.Method)
	if !methods[n.Method] {
		return locale.Errorf("httpin.bad_method", "method", n.Method)
	}
	if n.Upload {
		env.Log(node.Warn, locale.Errorf("httpin.no_uploads"))
	}
	n.limit = sizeSetting(env.Setting("apiMaxLength"), defaultLimit)
	n.wait = defaultWait
	if s := message.ToNumber(env.Setting("httpResponseTimeout")); s > 0 {
		n.wait = time.Duration(s * float64(time.Second))
	}
	var err error
	if n.pattern, err = ParsePattern(n.URL); err != nil {
		return err
	}
	n.remove, err = env.HTTP().Handle(strings.ToUpper(n.Method), n.pattern.text, n.serve)
	return err
}

// Run takes requests until ctx ends.
func (n *In) Run(ctx context.Context, out node.Emitter) error {
	n.out.Store(&out)
	n.once.Do(func() { close(n.started) })
	<-ctx.Done()
	n.out.Store(nil)
	return nil
}

// Close gives the path back. Requests that wait for their answer still get it.
func (n *In) Close(bool) error {
	if n.remove != nil {
		n.remove()
	}
	return nil
}

// serve makes an event of a request and answers with what the flow says.
func (n *In) serve(w http.ResponseWriter, r *http.Request) {
	defer n.open.Add(-1)
	if n.open.Add(1) > maxOpen {
		n.refuse(w, http.StatusServiceUnavailable, "httpin.too_many")
		return
	}
	out := n.emitter(r.Context())
	if out == nil {
		n.refuse(w, http.StatusServiceUnavailable, "httpin.not_running")
		return
	}
	body, err := n.readBody(w, r)
	if err != nil {
		n.env.Log(node.Warn, err)
		http.Error(w, n.env.Lang().Err(err), statusOf(err))
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), n.wait)
	defer cancel()
	x := newExchange()
	defer x.gone.make()
	receipt, err := (*out).Emit(ctx, node.Event{Title: r.Method + " " + r.URL.Path, Msg: n.message(r, body, x)})
	if err != nil {
		n.refuse(w, http.StatusServiceUnavailable, "httpin.not_running")
		return
	}
	defer n.follow(receipt.Run(), x)()
	n.answer(ctx, w, r, x, receipt)
}

// follow has the exchange know if its run ends badly.
func (n *In) follow(run string, x *exchange) (unfollow func()) {
	if router, ok := n.env.HTTP().(*Router); ok {
		return router.runs.follow(run, x.ended.make)
	}
	return func() {}
}

// emitter gives the way into the flow; nil if it doesn't run. The path is there
// a moment before the source runs (at start and at deploy): a request that comes
// in between waits, since senders of webhooks may not try again.
func (n *In) emitter(ctx context.Context) *node.Emitter {
	ctx, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	select {
	case <-n.started:
	case <-ctx.Done():
	}
	return n.out.Load()
}

// answer waits for the flow's answer and for the event to be safe.
func (n *In) answer(ctx context.Context, w http.ResponseWriter, r *http.Request, x *exchange, receipt node.Receipt) {
	reply := x.wait(ctx)
	switch {
	case reply != nil:
		if err := receipt.Safe(ctx); err != nil {
			n.refuse(w, http.StatusServiceUnavailable, "httpin.not_safe")
			return
		}
		reply.write(w, r)
	case ctx.Err() == nil:
		n.refuse(w, http.StatusInternalServerError, "httpin.failed")
	default:
		if r.Context().Err() != nil { // the client has gone, or the server stops: no empty 200 in any case
			n.refuse(w, http.StatusServiceUnavailable, "httpin.not_running")
			return
		}
		n.env.Log(node.Warn, locale.Errorf("httpin.no_answer", "path", r.URL.Path, "seconds", n.wait.Seconds()))
		n.refuse(w, http.StatusGatewayTimeout, "httpin.no_answer", "path", r.URL.Path, "seconds", n.wait.Seconds())
	}
}

func (n *In) refuse(w http.ResponseWriter, status int, key string, pairs ...any) {
	http.Error(w, n.env.Lang().Text(key, pairs...), status)
}

var (
	_ node.Provisioner = (*In)(nil)
	_ node.Source      = (*In)(nil)
	_ node.Closer      = (*In)(nil)
)
