package engine_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"toban/internal/engine"
	"toban/internal/locale"
	"toban/internal/machine"
	"toban/internal/message"
	"toban/internal/node"
)

// rounds counts what arrives at the nodes of a test, and does something once
// node a has had so many messages.
type rounds struct {
	engine.Silent
	counts [256]atomic.Int64 // by the last letter of the id
	at     int64
	then   func()
}

func (c *rounds) Received(id string, _ *message.Object) {
	if c.counts[id[len(id)-1]].Add(1) == c.at && id == "a" {
		c.then()
	}
}

func (c *rounds) of(id byte) int64 { return c.counts[id].Load() }

// TestLoopStopsNobodyElse: a run that goes round and round lets other runs of its
// own tab and other tabs go on, and ends with an error that names the loop.
func TestLoopStopsNobodyElse(t *testing.T) {
	const loops = `[
	 {"id":"t","type":"tab"},{"id":"u","type":"tab"},
	 {"id":"in","type":"pass","z":"t","wires":[["a"]]},
	 {"id":"a","type":"pass","name":"look again","z":"t","wires":[["b"]]},
	 {"id":"b","type":"pass","name":"and again","z":"t","wires":[["a"]]},
	 {"id":"c","type":"end","name":"same tab","z":"t","wires":[]},
	 {"id":"d","type":"act","name":"other tab","z":"u","wires":[[]]}]`
	synctest.Test(t, func(t *testing.T) {
		seen := &rounds{at: 5000}
		r := start(t, loops, func(c *engine.Config) { c.Observer = seen })
		var reached [2]int64 // rounds of the loop when the others were served
		seen.then = func() {
			for i, id := range []string{"c", "d"} {
				go func() {
					if _, err := r.Inject(t.Context(), id, msg("x")); err != nil {
						t.Error(err)
					}
					reached[i] = seen.of('a')
				}()
			}
		}
		if _, err := r.Inject(t.Context(), "in", msg("x")); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		for i, n := range reached {
			if n < 5000 || n > 45_000 {
				t.Errorf("number %d was served after %d rounds of the loop", i, n)
			}
		}
		same(t, "effects of the other tab", r.w.effects(), []string{"other tab"})
		for _, run := range r.runs() {
			if run.Status != machine.RunCancelled {
				continue
			}
			for _, name := range []string{"look again", "and again", "100000"} {
				if !strings.Contains(strings.ReplaceAll(run.Error, ",", ""), name) {
					t.Errorf("the error doesn't name %q: %s", name, run.Error)
				}
			}
			return
		}
		t.Error("the loop was not ended")
	})
}

// TestManyNodesInALoop: an error stays readable.
func TestManyNodesInALoop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		nodes := []string{`{"id":"in","type":"pass","z":"t","wires":[["n0"]]}`}
		for i := range 30 {
			nodes = append(nodes, fmt.Sprintf(`{"id":"n%d","type":"pass","z":"t","wires":[["n%d"]]}`, i, (i+1)%30))
		}
		r := start(t, "["+strings.Join(nodes, ",")+"]", func(c *engine.Config) { c.MaxSteps, c.Lang = 2000, locale.JA })
		if _, err := r.Inject(t.Context(), "in", msg("x")); err != nil {
			t.Fatal(err)
		}
		run := r.runs()[0]
		if strings.Count(run.Error, "pass n") != 8 || !strings.Contains(run.Error, "…") {
			t.Errorf("the error: %s", run.Error)
		}
	})
}

// fan sends one message for each number up to N.
type fan struct {
	N int `flow:"n"`
}

func (n *fan) Receive(step node.Step, m *message.Object) error {
	var out []*message.Object
	for i := range n.N {
		out = append(out, m.With("payload", float64(i)))
	}
	step.Send(node.Outputs{out})
	return nil
}

// tally counts effects that take a second each: how many at once, and which.
type tally struct {
	now, most, done atomic.Int64
	seen            sync.Map
}

func (n *tally) Plan(_ node.Step, m *message.Object) (*node.Effect, error) {
	return &node.Effect{
		Preview: node.Preview{Action: "count", Target: "world", Detail: "one"},
		Perform: func(context.Context, node.Key) (node.Outputs, error) {
			n.most.Store(max(n.most.Load(), n.now.Add(1)))
			time.Sleep(time.Second)
			n.now.Add(-1)
			n.done.Add(1)
			n.seen.Store(message.ToString(m.Get("payload")), true)
			return node.First(m), nil
		},
	}, nil
}

func (n *tally) keys() (keys []any) {
	n.seen.Range(func(key, _ any) bool { keys = append(keys, key); return true })
	return keys
}

// TestFanOutIsBounded: a run that wants ten thousand things done has no more of
// them under way than it may, does each once, and other runs get their turn.
func TestFanOutIsBounded(t *testing.T) {
	const n = 10_000
	synctest.Test(t, func(t *testing.T) {
		r := start(t, fmt.Sprintf(`[{"id":"t","type":"tab"},{"id":"u","type":"tab"},
		 {"id":"f","type":"fan","z":"t","n":%d,"wires":[["a"]]},
		 {"id":"a","type":"tally","z":"t","wires":[["e"]]},{"id":"e","type":"end","z":"t","wires":[]},
		 {"id":"o","type":"act","name":"other","z":"u","wires":[[]]}]`, n))
		tally := &r.w.tally
		if _, err := r.Inject(t.Context(), "f", msg("x")); err != nil {
			t.Fatal(err)
		}
		time.Sleep(10 * time.Second) // each takes a second
		if _, err := r.Inject(t.Context(), "o", msg("x")); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		same(t, "the other tab's", r.w.effects(), []string{"other"})
		time.Sleep(n * time.Second)
		synctest.Wait()
		if most := tally.most.Load(); most > 8 || most < 2 {
			t.Errorf("%d effects were under way at once", most)
		}
		same(t, "effects", int(tally.done.Load()), n)
		same(t, "different ones", len(tally.keys()), n)
		same(t, "ends", len(r.w.ends()), n)
		run := r.runs()
		same(t, "status", run[len(run)-1].Status, machine.RunDone)
	})
}
