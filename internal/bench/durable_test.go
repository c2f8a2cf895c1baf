package bench

import (
	"fmt"
	"sync"
	"testing"

	"toban/internal/node"
	"toban/internal/store/sqlite"
)

// BenchmarkDurable is runs a second of a 12-step flow whose every step but the
// last is an effect with a 2 kB message of its own, on SQLite with fsync. The
// raw rate on the same disk is BenchmarkCommit of internal/store/sqlite: one
// run is 12 cuts.
func BenchmarkDurable(b *testing.B) {
	for _, inFlight := range []int{1, 64, 512} {
		b.Run(fmt.Sprintf("inflight=%d", inFlight), func(b *testing.B) {
			st, err := sqlite.Open(b.Context(), b.TempDir())
			if err != nil {
				b.Fatal(err)
			}
			b.Cleanup(func() { _ = st.Close() })
			r := start(b, st, durableFlow(), 1, inFlight)
			var sending sync.WaitGroup
			n := 0
			for b.Loop() {
				r.tokens <- struct{}{}
				n++
				e := node.Event{Key: fmt.Sprint(n), Title: "a mail", Msg: mail(2000)}
				sending.Go(func() {
					if _, err := r.out[0].Emit(b.Context(), e); err != nil {
						b.Error(err)
					}
				})
			}
			r.finish()
			sending.Wait()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "runs/s")
		})
	}
}
