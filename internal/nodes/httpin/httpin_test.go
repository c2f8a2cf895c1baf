package httpin

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"toban/internal/message"
	"toban/internal/node"
	"toban/internal/node/nodetest"
)

// answering is an emitter that gives each message to an http response node.
type answering struct {
	t    *testing.T
	out  *nodetest.Harness
	edit func(*message.Object) *message.Object
}

func (a answering) Emit(ctx context.Context, e node.Event) (node.Receipt, error) {
	go func() {
		_, eff, err := a.out.Plan(a.edit(e.Msg))
		if err != nil || eff == nil {
			a.t.Errorf("effect %v, error %v", eff, err)
			return
		}
		for range 2 { // a second answer changes nothing
			_, _ = eff.Perform(ctx, "")
		}
	}()
	return safe{}, nil
}

func (answering) Cursor(context.Context) (message.Value, error)  { return nil, nil }
func (answering) SetCursor(context.Context, message.Value) error { return nil }

type safe struct{}

func (safe) Run() string                { return "r" }
func (safe) Repeated() bool             { return false }
func (safe) Safe(context.Context) error { return nil }

func TestRequestsAndAnswers(t *testing.T) {
	echo := func(path string) func(*message.Object) *message.Object {
		p, _ := message.ParsePath(path)
		return func(m *message.Object) *message.Object {
			v, _ := p.Get(m)
			return m.With("payload", v)
		}
	}
	for _, tc := range []struct {
		method, pattern, url, contentType, body, show string
		status                                        int
		want, wantType                                string
	}{
		{"get", "/a/:id", "/a/x%20y?q=1&l[]=1&l[]=2&o[k]=v", "", "", "payload", 200, `{"q":"1","l":["1","2"],"o":{"k":"v"}}`, "application/json; charset=utf-8"},
		{"get", "/a/:id", "/a/x%20y", "", "", "req.params", 200, `{"id":"x y"}`, "application/json; charset=utf-8"},
		{"get", "/f/*", "/f/a/b", "", "", "req.params", 200, `{"0":"a/b"}`, "application/json; charset=utf-8"},
		{"get", "/n/:id(\\d+)", "/n/x", "", "", "payload", 404, "404 page not found\n", "text/plain; charset=utf-8"},
		{"post", "/p", "/P/", "application/json", `{"a":[1]}`, "payload", 200, `{"a":[1]}`, "application/json; charset=utf-8"},
		{"post", "/p", "/p", "application/json", `{"a":`, "payload", 400, "", "text/plain; charset=utf-8"},
		{"post", "/p", "/p", "application/x-www-form-urlencoded", "a=1&a=2&b=x+y", "payload", 200, `{"a":["1","2"],"b":"x y"}`, "application/json; charset=utf-8"},
		{"post", "/p", "/p", "text/plain", "日本", "payload", 200, "日本", "text/html; charset=utf-8"},
		{"post", "/p", "/p", "application/octet-stream", "\x00\xff", "payload", 200, "\x00\xff", "application/octet-stream"},
		{"post", "/p", "/p", "text/plain", strings.Repeat("x", 5<<20+1), "payload", 413, "", "text/plain; charset=utf-8"},
		{"put", "/p", "/p", "", "", "req.method", 200, "PUT", "text/html; charset=utf-8"},
	} {
		router := NewRouter("", nil)
		in := &In{URL: tc.pattern, Method: tc.method}
		env := nodetest.New(t, nodetest.Registered(t, "http response", Register), message.NewObject()).Env
		if err := in.Provision(routed{env, router}); err != nil {
			t.Fatal(err)
		}
		out := nodetest.New(t, nodetest.Registered(t, "http response", Register), message.NewObject())
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- in.Run(ctx, answering{t, out, echo(tc.show)}) }()
		srv := httptest.NewServer(router)
		req, _ := http.NewRequestWithContext(t.Context(), strings.ToUpper(tc.method), srv.URL+tc.url, strings.NewReader(tc.body))
		req.Header.Set("Content-Type", tc.contentType)
		res, err := srv.Client().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		got, _ := io.ReadAll(res.Body)
		_ = res.Body.Close()
		srv.Close()
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if res.StatusCode != tc.status || tc.want != "" && string(got) != tc.want || res.Header.Get("Content-Type") != tc.wantType {
			t.Errorf("%s %s: %d %q %.100q", tc.method, tc.url, res.StatusCode, res.Header.Get("Content-Type"), got)
		}
	}
}

// routed is an Env with a real router.
type routed struct {
	*nodetest.Env
	router *Router
}

func (r routed) HTTP() node.Router { return r.router }

func TestMissingRes(t *testing.T) {
	out := nodetest.New(t, nodetest.Registered(t, "http response", Register), message.NewObject())
	if _, eff, err := out.Plan(message.NewObject()); eff != nil || err != nil || len(out.Env.Logs) != 1 {
		t.Errorf("effect %v, error %v, logs %v", eff, err, out.Env.Logs)
	}
}

// A rehearsal of an earlier run has no client: its answer is shown, not given.
func TestNobodyWaitsInARehearsal(t *testing.T) {
	msg := message.NewObject("payload", "hello", "res", &message.Handle{Class: "ServerResponse"})
	for rehearsal, local := range map[bool]bool{true: false, false: true} {
		out := nodetest.New(t, nodetest.Registered(t, "http response", Register), message.NewObject(),
			func(e *nodetest.Env) { e.Rehearsal = rehearsal })
		_, eff, err := out.Plan(msg)
		if err != nil || eff.Local != local || eff.Safe != local || eff.Preview.Detail != "200 OK\nhello" {
			t.Errorf("rehearsal %v: effect %+v, error %v", rehearsal, eff, err)
		}
	}
}
