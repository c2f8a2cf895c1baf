package bench

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"toban/internal/engine"
	"toban/internal/flow"
	"toban/internal/message"
	"toban/internal/node"
	"toban/internal/nodes"
	"toban/internal/slack"
	"toban/internal/store"
)

// The two middle steps: the article's JSONata, and a rule without an expression.
const (
	jsonataRule = `{"t":"set","p":"instanceId","pt":"msg","to":"$match(payload, /^(i-\\w+)/m).groups[0]\t","tot":"jsonata"}`
	nativeRule  = `{"t":"set","p":"instanceId","pt":"msg","to":"topic","tot":"msg"}`
)

// pureFlow is the part of the article's flow that touches nothing: filter,
// extract, render.
func pureFlow(tab, rule string) string {
	r := strings.NewReplacer("TAB", tab, "RULE", rule)
	return r.Replace(`
	{"id":"source-TAB","type":"bench source","z":"TAB","wires":[["filter-TAB"]]},
	{"id":"filter-TAB","type":"switch","z":"TAB","property":"topic","propertyType":"msg","rules":[
	  {"t":"cont","v":"Amazon EC2 Maintenance - Maintenance","vt":"str"},{"t":"cont","v":"[Retirement Notification]","vt":"str"}],
	  "checkall":"true","outputs":2,"wires":[["extract-TAB"],["extract-TAB"]]},
	{"id":"extract-TAB","type":"change","z":"TAB","rules":[RULE],"wires":[["render-TAB"]]},
	{"id":"render-TAB","type":"template","z":"TAB","field":"text","fieldType":"msg","format":"handlebars","syntax":"mustache",
	  "template":"*{{{topic}}}*\n\n` + "```" + `\n{{{payload}}}\n` + "```" + `\n{{{instanceId}}}","output":"str","wires":[["sink-TAB"]]},
	{"id":"sink-TAB","type":"bench sink","z":"TAB","wires":[]}`)
}

// durableFlow is a chain of 12 effects, each with a reservation of its own.
func durableFlow() string {
	var b strings.Builder
	b.WriteString(`{"id":"source-t","type":"bench source","z":"t","wires":[["e1"]]}`)
	for i := range 11 {
		fmt.Fprintf(&b, `,{"id":"e%d","type":"bench effect","z":"t","wires":[["e%d"]]}`, i+1, i+2)
	}
	b.WriteString(`,{"id":"e12","type":"bench sink","z":"t","wires":[]}`)
	return b.String()
}

// mail is the message: a subject that one rule matches, a text with one id.
func mail(size int) *message.Object {
	text := "Dear customer,\n\none of your instances is affected:\n\ni-0123456789abcdef0\n\n"
	text += strings.Repeat("More about this is found in the documentation.\n", size/47)[:size-len(text)]
	return message.NewObject("topic", "[Retirement Notification] Amazon EC2 Instance scheduled for retirement.", "payload", text)
}

// source hands the emitter of its node to the benchmark.
type source struct{ out chan<- node.Emitter }

func (s *source) Run(ctx context.Context, out node.Emitter) error {
	s.out <- out
	<-ctx.Done()
	return nil
}

// sink gives a token back for every message that arrives.
type sink struct{ tokens <-chan struct{} }

func (s *sink) Receive(node.Step, *message.Object) error {
	<-s.tokens
	return nil
}

// effect is an effect that does nothing and sends a new 2 kB message.
type effect struct{}

func (effect) Plan(step node.Step, _ *message.Object) (*node.Effect, error) {
	return &node.Effect{
		Preview: node.Preview{Action: "do", Target: "nothing"},
		Perform: func(context.Context, node.Key) (node.Outputs, error) {
			text := strings.Repeat(string(rune('a'+step.Seq()%26)), 2000)
			return node.First(message.NewObject("payload", text)), nil
		},
	}, nil
}

// rig runs a flow with room for so many messages in flight per source.
type rig struct {
	out    []node.Emitter
	tokens chan struct{}
}

func start(b *testing.B, st store.Store, file string, sources, inFlight int) *rig {
	b.Helper()
	r := &rig{tokens: make(chan struct{}, inFlight)}
	out := make(chan node.Emitter, sources)
	types := nodes.Registry(slack.NewHub(slack.Config{}, slog.New(slog.DiscardHandler)))
	types.Add(node.Type{Name: "bench source", New: func() node.Node { return &source{out} }})
	types.Add(node.Type{Name: "bench sink", New: func() node.Node { return &sink{r.tokens} }})
	types.Add(node.Type{Name: "bench effect", New: func() node.Node { return &effect{} }})
	f, err := flow.Parse([]byte("[" + file + "]"))
	if err != nil {
		b.Fatal(err)
	}
	g := flow.Build(f, flow.Options{Types: types})
	e := engine.New(engine.Config{Store: st, Types: types, PerResource: 1024})
	done, err := e.Start(b.Context(), g, f.JSON())
	if err != nil || len(done.Problems) > 0 {
		b.Fatal(err, done.Problems)
	}
	b.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		e.Stop(ctx)
	})
	for range sources {
		r.out = append(r.out, <-out)
	}
	return r
}

// finish waits until nothing is in flight any more.
func (r *rig) finish() {
	for range cap(r.tokens) {
		r.tokens <- struct{}{}
	}
}
