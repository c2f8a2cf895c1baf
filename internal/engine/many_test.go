package engine_test

import (
	"context"
	"flag"
	"fmt"
	"runtime"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"toban/internal/engine"
	"toban/internal/flow"
	"toban/internal/node"
	"toban/internal/store"
	"toban/internal/store/sqlite"
)

// full makes the tests of this file as large as docs/reliability.md says:
// go test ./internal/engine -run TestMany -v -args -full
var full = flag.Bool("full", false, "a hundred thousand open questions")

// quick is a desk that shows at once and counts.
type quick struct{ posted, updated atomic.Int64 }

func (d *quick) Post(_ context.Context, c node.Card) (string, error) {
	d.posted.Add(1)
	return "ref-" + c.ID, nil
}

func (d *quick) Update(context.Context, node.Card, string) error {
	d.updated.Add(1)
	return nil
}

func (d *quick) Find(context.Context, node.Card) (string, error) { return "", nil }

func (d *quick) Note(context.Context, string, string, string, string) error { return nil }

// onDisk starts an engine on a folder's database.
func onDisk(t *testing.T, dir, file string, w *world, desk node.Desk) (*engine.Engine, *sqlite.Store) {
	t.Helper()
	st, err := sqlite.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	e := engine.New(engine.Config{Store: st, Types: registry(w), Desk: desk,
		Build: func(file []byte) (*flow.Graph, error) { return build(w, file) }})
	g, err := build(w, []byte(file))
	if err == nil {
		_, err = e.Start(t.Context(), g, []byte(file))
	}
	if err != nil {
		t.Fatal(err)
	}
	return e, st
}

func eventually(t *testing.T, what string, limit time.Duration, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(limit); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("still waiting: %s", what)
		}
	}
}

// heap is what lives in memory, in megabytes.
func heap() float64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return float64(stats.HeapAlloc) / 1e6
}

// TestManyOpenQuestions: with a hundred thousand people-to-be-asked in the
// database a start is quick, posts no card again, takes a bounded amount of
// memory, and one answer is as fast as ever.
func TestManyOpenQuestions(t *testing.T) {
	n, limit := 3000, 30*time.Second
	if *full {
		n, limit = 100_000, 5*time.Minute
	}
	dir, w, desk := t.TempDir(), newWorld(), &quick{}
	e, st := onDisk(t, dir, asks, w, desk)
	eventually(t, "the source runs", limit, func() bool { _, ok := sources.Load(w); return ok })
	v, _ := sources.Load(w)
	began := time.Now()
	for i := range n {
		if _, err := v.(node.Emitter).Emit(t.Context(), node.Event{Key: fmt.Sprint(i), Title: fmt.Sprint(i), Msg: msg("x")}); err != nil {
			t.Fatal(err)
		}
	}
	eventually(t, "all are asked", limit, func() bool { return desk.posted.Load() == int64(n) })
	t.Logf("%d questions asked in %.1f s", n, time.Since(began).Seconds())
	eventually(t, "where the last cards stand is noted", limit, func() bool {
		newest, err := st.Questions(t.Context(), store.QuestionFilter{State: store.Open, Limit: 1000})
		return err == nil && !slices.ContainsFunc(newest, func(q store.Question) bool { return q.Ref == "" })
	}) // a desk that doesn't know its own cards, as this one, would be told to post them again
	e.Stop(t.Context())
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}

	w, before := newWorld(), heap()
	began = time.Now()
	e, st = onDisk(t, dir, asks, w, desk)
	started := time.Since(began)
	defer func() { _ = st.Close() }()
	defer e.Stop(t.Context())
	after := heap() - before
	t.Logf("started in %.2f s, %d goroutines, %.0f MB, %.1f kB a question", started.Seconds(), runtime.NumGoroutine(), after, after*1000/float64(n))
	if n := runtime.NumGoroutine(); n > 500 {
		t.Errorf("%d goroutines after the start", n)
	}
	open, err := st.Questions(t.Context(), store.QuestionFilter{State: store.Open, Limit: 1})
	if err != nil || len(open) != 1 {
		t.Fatalf("open questions: %d, %v", len(open), err)
	}
	began = time.Now()
	if _, err := e.Answer(t.Context(), open[0].ID, node.Answer{Choice: 0, Value: "yes"}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the answer is acted upon", limit, func() bool { return len(w.effects()) == 1 && desk.updated.Load() == 1 })
	took := time.Since(began)
	t.Logf("one answer, to its effect: %v", took)
	if took > 5*time.Second {
		t.Errorf("one answer took %v", took)
	}
	if posted := desk.posted.Load(); posted != int64(n) {
		t.Errorf("%d cards were posted for %d questions", posted, n)
	}
}

// TestManyEffectsOfOneRun: a run that fans out to ten thousand effects does each
// once on a real disk, too, and the disk doesn't see a write of its own for each.
func TestManyEffectsOfOneRun(t *testing.T) {
	n, limit := 300, 30*time.Second
	if *full {
		n, limit = 10_000, 5*time.Minute
	}
	w := newWorld()
	e, st := onDisk(t, t.TempDir(), fmt.Sprintf(`[{"id":"f","type":"fan","z":"t","n":%d,"wires":[["a"]]},
		{"id":"a","type":"act","z":"t","wires":[["e"]]},{"id":"e","type":"end","z":"t","wires":[]}]`, n), w, nil)
	defer func() { _ = st.Close() }()
	defer e.Stop(t.Context())
	before, began := heap(), time.Now()
	run, err := e.Inject(t.Context(), "f", msg("x"))
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, "all have arrived", limit, func() bool { return len(w.ends()) == n })
	took := time.Since(began)
	eventually(t, "the run is done", limit, func() bool {
		row, _, err := st.Run(t.Context(), run)
		return err == nil && row.Status == "done"
	})
	t.Logf("%d effects of one run in %.1f s, %.0f a second; %.0f MB afterwards", n, took.Seconds(), float64(n)/took.Seconds(), heap()-before)
	if done := len(w.effects()); done != n {
		t.Errorf("%d effects", done)
	}
}
