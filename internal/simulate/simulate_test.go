package simulate_test

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
	"testing/cryptotest"
	"testing/synctest"
	"time"

	"toban/internal/simulate"
	"toban/internal/store"
	"toban/internal/store/memory"
)

var (
	seed  = flag.Uint64("seed", 0, "play this one history, and tell its story")
	first = flag.Uint64("first", 1, "the first seed; 0: any")
	count = flag.Int("histories", 12_000, "how many histories to play")
	soak  = flag.Duration("soak", 0, "play histories for so long, from any seed on")
)

func inMemory(now func() time.Time) (store.Store, error) {
	s := memory.New()
	s.Now = now
	return s, nil
}

// play plays one history in a bubble of its own.
func play(t *testing.T, seed uint64, o simulate.Options) (r simulate.Result) {
	t.Helper()
	hangs := time.AfterFunc(time.Minute, func() { panic(fmt.Sprintf("the history of seed %d hangs", seed)) })
	defer hangs.Stop()
	synctest.Test(t, func(t *testing.T) {
		o.Random = func(n uint64) { cryptotest.SetGlobalRandom(t, n) }
		var err error
		if r, err = simulate.Play(seed, o); err != nil {
			t.Fatal(err)
		}
	})
	return r
}

// TestHistories plays histories until one breaks a promise. One core is enough:
// nothing in a history happens at the same time.
func TestHistories(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	if *seed != 0 {
		tell(t, *seed)
		return
	}
	from, n := *first, *count
	if *soak > 0 && !isSet("first") || from == 0 {
		from = uint64(time.Now().UnixNano())
	}
	if testing.Short() {
		n = min(n, 1000)
	}
	began, said := time.Now(), time.Now()
	var totals simulate.Totals
	for i := uint64(0); *soak > 0 && time.Since(began) < *soak || *soak == 0 && i < uint64(n); i++ {
		r := play(t, from+i, simulate.Options{Store: inMemory})
		totals.Add(r.Totals)
		if r.Violation != "" {
			t.Errorf("seed %d breaks %s\nreplay: go test ./internal/simulate -run TestHistories -seed %d", r.Seed, r.Violation, r.Seed)
			tell(t, r.Seed)
			return
		}
		if *soak > 0 && time.Since(said) > time.Minute {
			said = time.Now()
			fmt.Fprintln(os.Stderr, summary(from, totals, time.Since(began)))
		}
	}
	t.Log(summary(from, totals, time.Since(began)))
}

func summary(from uint64, n simulate.Totals, took time.Duration) string {
	return fmt.Sprintf("seeds %d to %d in %v, %.0f a second: %v", from, from+uint64(n.Histories)-1, took.Round(time.Second),
		float64(n.Histories)/took.Seconds(), n)
}

func isSet(name string) bool {
	found := false
	flag.Visit(func(f *flag.Flag) { found = found || f.Name == name })
	return found
}

// tell plays a history again and tells its story.
func tell(t *testing.T, seed uint64) {
	r := play(t, seed, simulate.Options{Store: inMemory, Trace: true})
	t.Logf("the story of seed %d:\n%s", seed, strings.Join(r.Story, "\n"))
	if r.Violation != "" {
		t.Errorf("seed %d breaks %s", seed, r.Violation)
	}
}

// TestReplayIsExact: a seed gives the same story each time, crashes included.
func TestReplayIsExact(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	sums := map[uint64]bool{}
	for seed := uint64(1); seed <= 400; seed++ {
		a := play(t, seed, simulate.Options{Store: inMemory})
		b := play(t, seed, simulate.Options{Store: inMemory, Trace: true})
		if a.Sum != b.Sum {
			t.Fatalf("seed %d tells two stories", seed)
		}
		sums[a.Sum] = true
	}
	if len(sums) < 400 {
		t.Errorf("400 seeds tell %d stories", len(sums))
	}
}
