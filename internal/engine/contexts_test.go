package engine_test

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"toban/internal/engine"
	"toban/internal/locale"
	"toban/internal/message"
	"toban/internal/node"
	"toban/internal/store"
)

const keepFlow = `[{"id":"t","type":"tab"},{"id":"s","type":"src","z":"t","wires":[["c"]]},{"id":"c","type":"count","z":"t","wires":[]}]`

// remember gives the flow's context some values, in the loop.
func (r *rig) remember(values ...any) {
	r.t.Helper()
	err := r.Within(r.t.Context(), "c", func(env node.Env, _ node.Node) {
		for i := 0; i < len(values); i += 2 {
			if err := env.Context(node.FlowScope).Set("", values[i].(string), values[i+1]); err != nil {
				r.t.Error(err)
			}
		}
	})
	if err != nil {
		r.t.Fatal(err)
	}
	synctest.Wait()
}

func (r *rig) context(owner string) string {
	r.t.Helper()
	values, err := r.ContextOf(r.t.Context(), owner, "")
	if err != nil {
		r.t.Fatal(err)
	}
	if values == nil {
		return "{}"
	}
	return string(message.AppendJSON(nil, values))
}

// What was deleted is gone after a crash right behind the answer.
func TestDeletedContextStaysDeleted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, keepFlow)
		r.remember("n", 1.0, "a", message.NewObject("b", 1.0, "c", message.NewArray(1.0, 2.0)))
		for _, tc := range []struct{ path, want string }{
			{"a.c[0]", `{"n":1,"a":{"b":1,"c":[2]}}`},
			{"a.x.y", `{"n":1,"a":{"b":1,"c":[2]}}`},
			{"nothing", `{"n":1,"a":{"b":1,"c":[2]}}`},
			{"a.b", `{"n":1,"a":{"c":[2]}}`},
			{"n", `{"a":{"c":[2]}}`},
			{"", `{}`},
			{"", `{}`},
		} {
			if err := r.DeleteContext(t.Context(), "t", "", tc.path); err != nil {
				t.Fatal(err)
			}
			r.crash()
			if got := r.context("t"); got != tc.want {
				t.Errorf("without %q: %s, want %s", tc.path, got, tc.want)
			}
		}
		if err := r.DeleteContext(t.Context(), "nobody", "", "x"); err != nil {
			t.Errorf("of nobody: %v", err)
		}
	})
}

func TestNoContextPath(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, keepFlow)
		r.remember("n", 2.0)
		if err := r.DeleteContext(t.Context(), "t", "", "a b"); !locale.HasKey(err, "engine.context_path") {
			t.Errorf("got %v", err)
		}
		if got := r.context("t"); got != `{"n":2}` {
			t.Errorf("left: %s", got)
		}
	})
}

// fullStore refuses commits while full is set.
type fullStore struct {
	store.Store
	full *atomic.Bool
}

func (s fullStore) Commit(ctx context.Context, cuts ...*store.Cut) error {
	if s.full.Load() {
		return errors.New("disk full")
	}
	return s.Store.Commit(ctx, cuts...)
}

// With a full disk the answer waits; who doesn't wait hears that it isn't stored.
func TestDeletionWaitsForTheDisk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var full atomic.Bool
		r := start(t, keepFlow, func(c *engine.Config) { c.Store = fullStore{c.Store, &full} })
		r.remember("n", 1.0)
		full.Store(true)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := r.DeleteContext(ctx, "t", "", "n"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("on a full disk: %v", err)
		}
		answer := make(chan error, 1)
		r.remember("m", 1.0)
		go func() { answer <- r.DeleteContext(t.Context(), "t", "", "m") }()
		synctest.Wait()
		select {
		case err := <-answer:
			t.Fatalf("answered before it was stored: %v", err)
		default:
		}
		full.Store(false)
		time.Sleep(10 * time.Second)
		if err := <-answer; err != nil {
			t.Error(err)
		}
	})
}

func TestContextStores(t *testing.T) {
	memory := message.NewObject("module", "memory")
	for _, tc := range []struct {
		setting  message.Value
		standard string
		names    []string
	}{
		{nil, "default", []string{"default"}},
		{message.NewObject("one", memory, "two", memory), "one", []string{"one", "two"}},
		{message.NewObject("default", "two", "one", memory, "two", memory), "two", []string{"one", "two"}},
		{message.NewObject("default", memory, "one", memory), "default", []string{"default", "one"}},
	} {
		e := engine.New(engine.Config{Setting: func(string) message.Value { return tc.setting }})
		standard, names := e.ContextStores()
		if standard != tc.standard || !slices.Equal(names, tc.names) {
			t.Errorf("with %v: %s of %v, want %s of %v", tc.setting, standard, names, tc.standard, tc.names)
		}
	}
}
