package crash

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"toban/internal/failpoint"
	"toban/internal/testparts/sshd"
)

// few is how many histories TestSoak plays when it is not asked for a time.
const few = 8

// players is how many histories are played at a time.
const players = 8

// tally is what a soak has done.
type tally struct {
	mu        sync.Mutex
	histories map[string]int // by story
	kills     map[string]int // by failpoint; "": from outside
	first     uint64         // seed
	last      uint64
}

func (c *tally) add(h *history, s *story) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.histories[s.name]++
	for point, n := range h.kills {
		c.kills[point] += n
	}
}

func (c *tally) all() (histories, kills, points int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, n := range c.histories {
		histories += n
	}
	for point, n := range c.kills {
		kills += n
		if point != "" {
			points++
		}
	}
	return histories, kills, points
}

// TestSoak plays histories with random crashes, several in a row, until the time
// is up or something is lost.
func TestSoak(t *testing.T) {
	host := startHost(t)
	if *seed != 0 {
		playSeed(t, host, *seed, nil)
		return
	}
	c := &tally{histories: map[string]int{}, kills: map[string]int{}, first: uint64(time.Now().UnixMilli())}
	began := time.Now()
	var next atomic.Uint64
	goOn := func() (seed uint64, ok bool) {
		n := next.Add(1)
		if *soak > 0 {
			return c.first + n, time.Since(began) < *soak && !t.Failed()
		}
		return c.first + n, n <= few
	}
	if *soak > 0 {
		said := time.NewTicker(time.Minute)
		defer said.Stop()
		go func() { // ends with the program
			for range said.C {
				histories, kills, points := c.all()
				fmt.Printf("%v: %d histories, %d kills, at %d failpoints\n", time.Since(began).Round(time.Second), histories, kills, points)
			}
		}()
	}
	t.Run("players", func(t *testing.T) {
		for range players {
			t.Run("player", func(t *testing.T) {
				t.Parallel()
				for s, ok := goOn(); ok; s, ok = goOn() {
					if !t.Run(fmt.Sprint(s), func(t *testing.T) { playSeed(t, host, s, c) }) {
						fmt.Printf("lost: replay with\n  go test ./e2e/crash -run TestSoak -args -seed %d\n", s)
						return
					}
				}
			})
		}
	})
	c.last = c.first + next.Load()
	c.report(t, time.Since(began))
}

// report prints the rows for docs/reliability.md.
func (c *tally) report(t *testing.T, took time.Duration) {
	histories, kills, points := c.all()
	lost := "nothing"
	if t.Failed() {
		lost = "see above"
	}
	fmt.Printf("| crashes of a real process | %v | %d histories, %d kills (%d of them at %d of %d failpoints) | %d to %d | %s |\n",
		took.Round(time.Second), histories, kills, kills-c.kills[""], points, len(failpoint.All()), c.first, c.last, lost)
	if *soak > 0 && kills == 0 {
		t.Error("nothing was killed")
	}
}

// playSeed plays one history with the crashes that its seed says.
func playSeed(t *testing.T, host *sshd.Server, seed uint64, c *tally) {
	rng := rand.New(rand.NewPCG(seed, 0))
	s := []*story{duty, duty, duty, change, change, growth}[rng.IntN(6)]
	unknown := []string{"treat_as_done", "run_again", "treat_as_failed"}[rng.IntN(3)]
	lives := make([]life, 2+rng.IntN(5))
	for i := range lives {
		lives[i] = randomLife(rng, s)
	}
	h := newHistory(t, host, s, unknown, lives...)
	t.Logf("story %s, unknown outcomes: %s, lives: %v", s.name, unknown, lives)
	h.play(s)
	if c != nil {
		c.add(h, s)
	}
}

// randomLife ends at a failpoint that the story comes by, or at any moment: while
// the server starts, or later.
func randomLife(rng *rand.Rand, s *story) life {
	switch rng.IntN(4) {
	case 0:
		return life{after: time.Duration(1+rng.IntN(80)) * time.Millisecond}
	case 1:
		return life{after: time.Duration(50+rng.IntN(1200)) * time.Millisecond}
	}
	var points []failpoint.Point
	for _, c := range crashes {
		if c.story == s {
			points = append(points, c.points...)
		}
	}
	// Not for long: what doesn't come by its point is killed after all.
	return life{point: fmt.Sprintf("%s:%d", points[rng.IntN(len(points))], 1+rng.IntN(3)),
		after: time.Duration(1000+rng.IntN(1500)) * time.Millisecond}
}
