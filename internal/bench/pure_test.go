package bench

import (
	"fmt"
	"testing"

	"toban/internal/node"
	"toban/internal/store/sqlite"
)

// BenchmarkPure is messages a second through the seed's pure part: one tab,
// and two tabs (which are two partitions and use two cores).
func BenchmarkPure(b *testing.B) {
	for name, rule := range map[string]string{"jsonata": jsonataRule, "native": nativeRule} {
		for _, inFlight := range []int{1, 64, 1000} {
			b.Run(fmt.Sprintf("%s/tabs=1/inflight=%d", name, inFlight), func(b *testing.B) {
				pure(b, pureFlow("a", rule), 1, inFlight)
			})
		}
		b.Run(name+"/tabs=2/inflight=64", func(b *testing.B) {
			pure(b, pureFlow("a", rule)+","+pureFlow("b", rule), 2, 64)
		})
	}
}

func pure(b *testing.B, file string, tabs, inFlight int) {
	st, err := sqlite.Open(b.Context(), b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = st.Close() })
	r := start(b, st, file, tabs, inFlight)
	msg := mail(1200)
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		r.tokens <- struct{}{}
		if _, err := r.out[n%tabs].Emit(b.Context(), node.Event{Msg: msg}); err != nil {
			b.Fatal(err)
		}
		n++
	}
	r.finish()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "msg/s")
}
