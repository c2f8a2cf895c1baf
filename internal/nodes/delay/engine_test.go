package delay_test

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"toban/internal/engine"
	"toban/internal/flow"
	"toban/internal/message"
	"toban/internal/node"
	"toban/internal/nodes/complete"
	"toban/internal/nodes/delay"
	"toban/internal/store"
	"toban/internal/store/memory"
)

// arrivals are the messages that reached the end of a flow.
type arrivals struct {
	mu   sync.Mutex
	list []string
}

func (a *arrivals) Receive(_ node.Step, msg *message.Object) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	text := message.ToString(msg.Get("payload"))
	if _, ok := msg.Lookup("complete"); ok {
		text = "complete " + text
	}
	a.list = append(a.list, text)
	return nil
}

func (a *arrivals) wants(t *testing.T, want ...string) {
	t.Helper()
	synctest.Wait()
	a.mu.Lock()
	defer a.mu.Unlock()
	if diff := cmp.Diff(want, a.list); diff != "" {
		t.Error(diff)
	}
}

// boot starts an engine on what the store has, with one delay node whose other
// properties are props.
func boot(t *testing.T, st store.Store, end *arrivals, props string) *engine.Engine {
	t.Helper()
	file := `[{"id":"delay","type":"delay","z":"t",` + props + `,"wires":[["end"]]},
		{"id":"complete","type":"complete","z":"t","scope":["delay"],"wires":[["end"]]},
		{"id":"end","type":"end","z":"t"}]`
	types := node.NewRegistry()
	delay.Register(types)
	complete.Register(types)
	types.Add(node.Type{Name: "end", New: func() node.Node { return end }})
	build := func(text []byte) (*flow.Graph, error) {
		f, err := flow.Parse(text)
		if err != nil {
			return nil, err
		}
		return flow.Build(f, flow.Options{Types: types}), nil
	}
	g, err := build([]byte(file))
	if err != nil {
		t.Fatal(err)
	}
	e := engine.New(engine.Config{Store: st, Types: types, Build: build})
	deployed, err := e.Start(t.Context(), g, []byte(file))
	if err != nil || len(deployed.Problems) > 0 {
		t.Fatal(err, deployed.Problems)
	}
	return e
}

func inject(t *testing.T, e *engine.Engine, payload string) {
	t.Helper()
	if _, err := e.Inject(t.Context(), "delay", message.NewObject("payload", payload)); err != nil {
		t.Fatal(err)
	}
	synctest.Wait()
}

// A message that is held for 10 s leaves 10 s after it came, whatever the server
// did meanwhile, and only then is it complete.
func TestDelayOutlivesARestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st, end := memory.New(), &arrivals{}
		const props = `"pauseType":"delay","timeout":"10","timeoutUnits":"seconds"`
		first := boot(t, st, end, props)
		inject(t, first, "a")
		time.Sleep(4 * time.Second)
		first.Stop(context.Background())
		end.wants(t)

		time.Sleep(3 * time.Second) // the server is down
		second := boot(t, st, end, props)
		defer second.Stop(context.Background())
		time.Sleep(2900 * time.Millisecond)
		end.wants(t)
		time.Sleep(200 * time.Millisecond)
		end.wants(t, "a", "complete a")
		time.Sleep(time.Minute)
		end.wants(t, "a", "complete a") // once
	})
}

// A message whose time came while the server was down leaves at the start.
func TestDelayThatEndedWhileDown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st, end := memory.New(), &arrivals{}
		const props = `"pauseType":"delay","timeout":"10","timeoutUnits":"seconds"`
		first := boot(t, st, end, props)
		inject(t, first, "a")
		first.Stop(context.Background())
		time.Sleep(time.Hour)

		second := boot(t, st, end, props)
		defer second.Stop(context.Background())
		time.Sleep(100 * time.Millisecond)
		end.wants(t, "a", "complete a")
	})
}

// The queue of a rate limit keeps its order over a restart.
func TestQueueOutlivesARestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st, end := memory.New(), &arrivals{}
		const props = `"pauseType":"rate","rate":"1","nbRateUnits":"10","rateUnits":"second"`
		first := boot(t, st, end, props)
		for _, payload := range []string{"a", "b", "c"} {
			inject(t, first, payload)
		}
		end.wants(t, "a", "complete a")
		first.Stop(context.Background())

		second := boot(t, st, end, props)
		defer second.Stop(context.Background())
		time.Sleep(time.Minute)
		end.wants(t, "a", "complete a", "b", "complete b", "c", "complete c")
	})
}
