package sqlite

import (
	"bytes"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"toban/internal/store"
)

// BenchmarkCommit is the raw rate of grouped commits: cuts of one record of
// 2 kB, each call waiting for stable storage, with so many callers at once.
// Every caller goes on with its own run, as the partitions of the engine do.
func BenchmarkCommit(b *testing.B) {
	for _, callers := range []int{1, 64, 512} {
		b.Run(fmt.Sprint(callers), func(b *testing.B) { benchmarkCommit(b, callers) })
	}
}

func benchmarkCommit(b *testing.B, callers int) {
	s, err := Open(b.Context(), b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	record := bytes.Repeat([]byte("0123456789abcdef"), 128)
	var left atomic.Int64
	left.Store(int64(b.N))
	var all sync.WaitGroup
	b.ResetTimer()
	for i := range callers {
		all.Go(func() {
			run := store.Run{ID: fmt.Sprintf("run%06d", i), Partition: "p", Status: "running", StartedAt: time.Now()}
			for left.Add(-1) >= 0 {
				cut := &store.Cut{Partition: "p", Runs: []store.RunWrite{{Run: run, Record: record}}}
				if err := s.Commit(b.Context(), cut); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "cuts/s")
	b.ReportMetric(0, "ns/op")
}
