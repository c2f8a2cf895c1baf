package link_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"toban/internal/engine"
	"toban/internal/flow"
	"toban/internal/message"
	"toban/internal/node"
	"toban/internal/nodes/catch"
	"toban/internal/nodes/complete"
	"toban/internal/nodes/link"
	"toban/internal/store"
	"toban/internal/store/memory"
)

// ask is a question, so that a call has something to wait for.
type ask struct{}

func (*ask) Ask(node.Step, *message.Object) (*node.Question, error) {
	return &node.Question{Title: "ok?", Timeout: time.Hour, Choices: []node.Choice{{Value: "yes"}}}, nil
}

func (*ask) Answered(step node.Step, msg *message.Object, a node.Answer) error {
	step.Send(node.First(msg.With("payload", a.Value)))
	return nil
}

// arrivals are the messages that reached the end of a flow.
type arrivals struct {
	mu   sync.Mutex
	list []string
}

func (a *arrivals) Receive(_ node.Step, msg *message.Object) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	text := message.ToString(msg.Get("payload"))
	if e, ok := msg.Get("error").(*message.Object); ok {
		text = "error " + e.Text("message")
	}
	if _, ok := msg.Lookup("complete"); ok {
		text = "complete " + text
	}
	for _, leftover := range []string{"_linkSource", "_linkReturn"} {
		if _, ok := msg.Lookup(leftover); ok {
			text += " with " + leftover
		}
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

// calls is a call whose subroutine asks a question.
const calls = `[
	{"id":"call","type":"link call","z":"t","links":["in"],"timeout":"TIMEOUT","wires":[["end"]]},
	{"id":"catch","type":"catch","z":"t","scope":["call"],"wires":[["end"]]},
	{"id":"complete","type":"complete","z":"t","scope":["call"],"wires":[["end2"]]},
	{"id":"end","type":"end","z":"t"},{"id":"end2","type":"end","z":"t"},
	{"id":"in","type":"link in","z":"u","wires":[["ask"]]},
	{"id":"ask","type":"ask","z":"u","wires":[["out"]]},
	{"id":"out","type":"link out","mode":"return","z":"u"}]`

// boot starts an engine on what the store has.
func boot(t *testing.T, st store.Store, end *arrivals, file string) *engine.Engine {
	t.Helper()
	types := node.NewRegistry()
	link.Register(types)
	catch.Register(types)
	complete.Register(types)
	types.Add(node.Type{Name: "ask", New: func() node.Node { return &ask{} }})
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
	if _, err := e.Start(t.Context(), g, []byte(file)); err != nil {
		t.Fatal(err)
	}
	return e
}

func call(t *testing.T, e *engine.Engine) {
	t.Helper()
	if _, err := e.Inject(t.Context(), "call", message.NewObject("payload", "go")); err != nil {
		t.Fatal(err)
	}
	synctest.Wait()
}

func answer(t *testing.T, e *engine.Engine, st store.Store) {
	t.Helper()
	open, err := st.Questions(t.Context(), store.QuestionFilter{State: store.Open})
	if err != nil || len(open) != 1 {
		t.Fatalf("open questions: %v, %v", open, err)
	}
	if _, err := e.Answer(t.Context(), open[0].ID, node.Answer{Value: "yes"}); err != nil {
		t.Fatal(err)
	}
}

func withTimeout(seconds string) string { return strings.Replace(calls, "TIMEOUT", seconds, 1) }

// A call that waits for a person is not lost when the server restarts.
func TestCallOutlivesARestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st, end := memory.New(), &arrivals{}
		first := boot(t, st, end, withTimeout("3600"))
		call(t, first)
		end.wants(t)
		first.Stop(context.Background())

		second := boot(t, st, end, withTimeout("3600"))
		defer second.Stop(context.Background())
		answer(t, second, st)
		end.wants(t, "yes", "complete go")
	})
}

// The timeout goes to catch; what comes back later is sent on all the same.
func TestCallTimesOutInAFlow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st, end := memory.New(), &arrivals{}
		e := boot(t, st, end, withTimeout("5"))
		defer e.Stop(context.Background())
		call(t, e)
		time.Sleep(6 * time.Second)
		end.wants(t, "error timeout")
		answer(t, e, st)
		end.wants(t, "error timeout", "yes")
	})
}
