package powercut

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"toban/internal/atomicfile"
)

// Recorder notes what is written below a folder, step by step.
type Recorder struct {
	dir string

	mu    sync.Mutex
	ops   []atomicfile.Op
	steps []int // the number of operations when each step ended
}

// Record begins to note what this process writes below dir, until the test ends.
// What is there already counts as lasting.
func Record(t testing.TB, dir string) *Recorder {
	r := &Recorder{dir: dir}
	t.Cleanup(atomicfile.Watch(func(op atomicfile.Op) error {
		if strings.HasPrefix(op.Path, dir) {
			r.mu.Lock()
			defer r.mu.Unlock()
			r.ops = append(r.ops, op)
		}
		return nil
	}))
	return r
}

// Step ends a step: everything that was done until now has been confirmed to
// somebody, and must outlast any cut from here on.
func (r *Recorder) Step() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.steps = append(r.steps, len(r.ops))
}

// State is what a cut has left.
type State struct {
	Dir   string // a new folder with it
	After string // the last operation that was begun, for messages
	Done  int    // steps that had ended
	Doing bool   // the next one had begun
}

// memory gives a new folder, in the memory where the system has such a place: the
// states are many, and whoever opens them syncs.
func memory(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "powercut-")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// Each gives every state that a cut could have left, each in a new folder that
// is gone afterwards, and the number of them.
func (r *Recorder) Each(t testing.TB, check func(State)) (states int) {
	t.Helper()
	r.mu.Lock()
	ops, steps := r.ops, r.steps
	r.mu.Unlock()
	parent := memory(t)
	type seenKey struct {
		done  int
		doing bool
		tree  string
	}
	seen := map[seenKey]bool{}
	w := newWorld()
	done := 0
	for i := 0; i <= len(ops); i++ {
		for done < len(steps) && steps[done] <= i {
			done++
		}
		doing := i < len(ops) && (done == 0 || i > steps[done-1])
		after := "nothing"
		if i > 0 {
			after = string(ops[i-1].Kind) + " " + strings.TrimPrefix(ops[i-1].Path, r.dir)
		}
		for _, tree := range w.cuts() {
			key := seenKey{done, doing, tree.String()}
			if seen[key] {
				continue
			}
			seen[key] = true
			dir := filepath.Join(parent, "state")
			tree.build(t, r.dir, dir)
			check(State{Dir: dir, After: after, Done: done, Doing: doing})
			if err := os.RemoveAll(dir); err != nil {
				t.Fatal(err)
			}
		}
		if i < len(ops) {
			w.apply(ops[i])
		}
	}
	return len(seen)
}
