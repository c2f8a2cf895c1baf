package httpin

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"toban/internal/message"
	"toban/internal/node/nodetest"
)

// TestRequestBeforeTheSourceRuns: it waits for the source, and is refused if
// that doesn't begin in time.
func TestRequestBeforeTheSourceRuns(t *testing.T) {
	for _, tc := range []struct {
		after time.Duration // when the source begins
		want  int
	}{{startTime - time.Second, http.StatusOK}, {startTime + time.Second, http.StatusServiceUnavailable}} {
		synctest.Test(t, func(t *testing.T) {
			router := NewRouter("", nil)
			out := nodetest.New(t, nodetest.Registered(t, "http response", Register), message.NewObject())
			in := &In{URL: "/early", Method: "get"}
			if err := in.Provision(routed{out.Env, router}); err != nil {
				t.Fatal(err)
			}
			ctx, stop := context.WithCancel(t.Context())
			defer stop()
			time.AfterFunc(tc.after, func() {
				_ = in.Run(ctx, answering{t, out, func(m *message.Object) *message.Object { return m }})
			})
			w := httptest.NewRecorder()
			router.ServeHTTP(w, httptest.NewRequestWithContext(ctx, http.MethodGet, "/early", nil))
			if w.Code != tc.want {
				t.Errorf("source after %v: status %d, want %d", tc.after, w.Code, tc.want)
			}
			time.Sleep(2 * time.Second) // the source begins, so that stop ends it
		})
	}
}
