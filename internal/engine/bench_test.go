package engine_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"toban/internal/engine"
	"toban/internal/flow"
	"toban/internal/message"
	"toban/internal/node"
	"toban/internal/store"
	"toban/internal/store/memory"
	"toban/internal/store/sqlite"
)

// sink releases a token for every message that arrives.
type sink struct{ tokens chan struct{} }

func (s *sink) Receive(node.Step, *message.Object) error {
	<-s.tokens
	return nil
}

// bench starts an engine on a flow outside any bubble.
func bench(b *testing.B, st store.Store, file string, tokens chan struct{}) node.Emitter {
	w := newWorld()
	types := registry(w)
	types.Add(node.Type{Name: "sink", New: func() node.Node { return &sink{tokens} }})
	f, err := flow.Parse([]byte(file))
	if err != nil {
		b.Fatal(err)
	}
	g := flow.Build(f, flow.Options{Types: types})
	e := engine.New(engine.Config{Store: st, Types: types})
	if _, err := e.Start(b.Context(), g, []byte(file)); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { e.Stop(context.Background()) })
	for {
		if v, ok := sources.Load(w); ok {
			return v.(node.Emitter)
		}
	}
}

func chain(typ string, n int) string {
	var sb strings.Builder
	sb.WriteString(`[{"id":"s","type":"src","z":"t","wires":[["n0"]]}`)
	for i := range n {
		next := fmt.Sprintf("n%d", i+1)
		if i == n-1 {
			next = "e"
		}
		fmt.Fprintf(&sb, `,{"id":"n%d","type":%q,"name":"x","z":"t","wires":[[%q]]}`, i, typ, next)
	}
	sb.WriteString(`,{"id":"e","type":"sink","z":"t","wires":[]}]`)
	return sb.String()
}

// BenchmarkPure is the engine's own share of a message through three nodes
// without effect, 64 in flight.
func BenchmarkPure(b *testing.B) {
	tokens := make(chan struct{}, 64)
	out := bench(b, memory.New(), chain("pass", 3), tokens)
	msg := message.NewObject("_msgid", "0123456789abcdef", "payload", strings.Repeat("x", 2000))
	b.ReportAllocs()
	for b.Loop() {
		tokens <- struct{}{}
		if _, err := out.Emit(b.Context(), node.Event{Msg: msg}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkDurable is a run of 12 steps, each an effect with its own
// reservation, with a new 2 kB message, on SQLite with fsync.
func BenchmarkDurable(b *testing.B) {
	for _, c := range []int{1, 64, 512} {
		b.Run(fmt.Sprint(c), func(b *testing.B) {
			st, err := sqlite.Open(b.Context(), b.TempDir())
			if err != nil {
				b.Fatal(err)
			}
			b.Cleanup(func() { _ = st.Close() })
			tokens := make(chan struct{}, c)
			out := bench(b, st, chain("act", 11), tokens)
			var wg sync.WaitGroup
			n := 0
			for b.Loop() {
				tokens <- struct{}{}
				n++
				key := fmt.Sprint("k", n)
				wg.Go(func() {
					msg := message.NewObject("payload", strings.Repeat(key[len(key)-1:], 2000))
					if _, err := out.Emit(b.Context(), node.Event{Key: key, Msg: msg}); err != nil {
						b.Error(err)
					}
				})
			}
			for range c { // until the last one is through
				tokens <- struct{}{}
			}
			wg.Wait()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "runs/s")
		})
	}
}
