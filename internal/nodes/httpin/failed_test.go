package httpin

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"toban/internal/message"
	"toban/internal/node"
	"toban/internal/node/nodetest"
)

// handler is an emitter whose flow is a function.
type handler struct {
	answering
	flow func(msg *message.Object)
}

func (h handler) Emit(_ context.Context, e node.Event) (node.Receipt, error) {
	go h.flow(e.Msg)
	return safe{}, nil
}

// TestAnswersThatCantBeMade: the client learns at once that there is none, unless a
// catch node answers in its place.
func TestAnswersThatCantBeMade(t *testing.T) {
	for name, c := range map[string]struct {
		spoil  func(*message.Object) *message.Object
		caught bool
		ended  bool // the run fails before the source knows its name
		want   int
		within time.Duration
	}{
		"status":          {spoil: func(m *message.Object) *message.Object { return m.With("statusCode", 42.0) }, want: 500, within: time.Second},
		"header":          {spoil: func(m *message.Object) *message.Object { return m.With("headers", message.NewObject("a b", "c")) }, want: 500, within: time.Second},
		"cookie":          {spoil: func(m *message.Object) *message.Object { return m.With("cookies", message.NewObject("a b", "c")) }, want: 500, within: time.Second},
		"caught":          {spoil: func(m *message.Object) *message.Object { return m.With("statusCode", 42.0) }, caught: true, want: 418, within: 100 * time.Millisecond},
		"the run failed":  {ended: true, want: 500, within: 0},
		"nobody answered": {want: 504, within: defaultWait},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				router := NewRouter("", nil)
				out := nodetest.New(t, nodetest.Registered(t, "http response", Register), message.NewObject())
				in := &In{URL: "/x", Method: "get"}
				if err := in.Provision(routed{out.Env, router}); err != nil {
					t.Fatal(err)
				}
				ctx, stop := context.WithCancel(t.Context())
				defer stop()
				go func() {
					_ = in.Run(ctx, handler{flow: func(msg *message.Object) {
						if c.ended {
							router.Failed("r")
						}
						if c.spoil == nil {
							return
						}
						if _, eff, err := out.Plan(c.spoil(msg)); eff != nil || err == nil {
							t.Error("the answer could be made")
						}
						if !c.caught {
							return
						}
						time.Sleep(100 * time.Millisecond)
						_, eff, err := out.Plan(msg.With("statusCode", 418.0))
						if err != nil {
							t.Error(err)
							return
						}
						if _, err := eff.Perform(ctx, ""); err != nil {
							t.Error(err)
						}
					}})
				}()
				begun := time.Now()
				w := httptest.NewRecorder()
				router.ServeHTTP(w, httptest.NewRequestWithContext(ctx, http.MethodGet, "/x", nil))
				if took := time.Since(begun); w.Code != c.want || took != c.within {
					t.Errorf("%d after %v: %s", w.Code, took, w.Body)
				}
				if w.Code == 500 && !strings.Contains(w.Body.String(), "the flow failed") {
					t.Errorf("the text is %q", w.Body)
				}
			})
		})
	}
}
