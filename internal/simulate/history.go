package simulate

import (
	"cmp"
	"context"
	"fmt"
	"hash/maphash"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing/synctest"
	"time"

	"toban/internal/flow"
	"toban/internal/store"
)

// Options say how a history is played.
type Options struct {
	// Store opens the store, with the clock by which it decides deadlines.
	Store func(now func() time.Time) (store.Store, error)
	// Killed gives the store that the next process finds after a crash; nil: the same.
	Killed func(store.Store) (store.Store, error)
	// Intrude tries to run a second process on the store, and says what is wrong
	// if that is let in; nil: nobody tries.
	Intrude func() error
	// Random makes crypto/rand give what follows from a number, so that ids do.
	Random func(seed uint64)
	// Trace keeps the story.
	Trace bool
}

// Totals count what histories went through.
type Totals struct {
	Histories, Steps, Runs, Commits, Effects, Questions, Crashes, Faults, Deploys int
}

// Add adds what one more history went through.
func (n *Totals) Add(more Totals) {
	n.Histories += more.Histories
	n.Steps += more.Steps
	n.Runs += more.Runs
	n.Commits += more.Commits
	n.Effects += more.Effects
	n.Questions += more.Questions
	n.Crashes += more.Crashes
	n.Faults += more.Faults
	n.Deploys += more.Deploys
}

// String lists the counts.
func (n Totals) String() string {
	return fmt.Sprintf("%d histories, %d steps, %d runs, %d commits, %d effects, %d questions, %d crashes, %d faults, %d deploys",
		n.Histories, n.Steps, n.Runs, n.Commits, n.Effects, n.Questions, n.Crashes, n.Faults, n.Deploys)
}

// Result is what became of a history.
type Result struct {
	Seed uint64
	// Violation says which promise was broken, and how; "" when none was.
	Violation string
	// Sum is the same for the same story.
	Sum uint64
	// Story is the trace, if it was asked for.
	Story  []string
	Totals Totals
}

// history is one play.
type history struct {
	seed uint64
	opts Options
	rng  *rand.Rand
	mood mood

	gates *gates
	clock *clock
	disk  *disk
	mail  *mailbox
	hosts *hosts
	desk  *desk
	proc  *process // nil while none runs

	graphs     map[string]*flow.Graph // by revision
	files      map[string]*flow.Graph // by flow file
	plan       *plan                  // of the flow file that is deployed
	lives      int
	crashes    int
	calm       bool // no faults any more
	clicks     int
	calmClicks int
	pushed     int
	asked      []string              // ids of stored questions
	runs       []string              // ids of stored runs
	counted    map[string][]counting // what count steps sent, by run
	cancelled  map[string]bool       // runs whose cancel was confirmed

	mu        sync.Mutex
	sum       uint64 // of the story, in order
	heard     uint64 // of what was told
	story     []string
	violation string
	totals    Totals
}

// hashSeed is fixed by the process; sums are compared within one only.
var hashSeed = maphash.MakeSeed()

// Play plays the history of a seed. It must be called in a bubble of
// testing/synctest, and no other history may be played at the same time.
func Play(seed uint64, o Options) (Result, error) {
	h := &history{
		seed: seed, opts: o, rng: rand.New(rand.NewPCG(seed, 0x746f62616e)),
		gates: newGates(), clock: &clock{}, mail: newMailbox(), hosts: newHosts(), desk: newDesk(),
		graphs: map[string]*flow.Graph{}, files: map[string]*flow.Graph{},
		counted: map[string][]counting{}, cancelled: map[string]bool{},
	}
	st, err := o.Store(h.clock.now)
	if err != nil {
		return Result{}, err
	}
	h.mood = newMood(h.rng)
	h.plan = newPlan(h.rng)
	h.disk = &disk{Store: st, file: h.plan.file(), limbo: map[string][]*store.Cut{}}
	h.play()
	if err := h.disk.Close(); err != nil {
		return Result{}, err
	}
	h.totals.Histories = 1
	h.totals.Runs = len(h.runs)
	h.totals.Questions = len(h.asked)
	return Result{Seed: seed, Violation: h.violation, Sum: h.sum ^ h.heard, Story: h.render(), Totals: h.totals}, nil
}

func (h *history) play() {
	for range h.mood.length {
		h.settle()
		if h.broken() {
			break
		}
		h.move()
	}
	if !h.broken() {
		h.note("from here on nothing fails")
		h.calm = true
		h.drain()
	}
	if h.proc != nil {
		h.bury(h.proc)
	}
	synctest.Wait()
}

// settle waits until everybody waits.
func (h *history) settle() {
	synctest.Wait()
	h.totals.Steps++
	h.reap()
}

// note adds a line to the story.
func (h *history) note(format string, args ...any) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.sum = h.sum*31 + h.line(format, args...)
}

// tell is note for what somebody is told, who is not the history itself: the
// order among several at once is of no account.
func (h *history) tell(format string, args ...any) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.heard += h.line(format, args...)
}

func (h *history) line(format string, args ...any) uint64 {
	line := format
	if len(args) > 0 {
		line = fmt.Sprintf(format, args...)
	}
	if h.opts.Trace {
		h.story = append(h.story, fmt.Sprintf("%s  %s", h.clock.now().Format("02 15:04:05.000"), line))
	}
	return maphash.String(hashSeed, line)
}

// violated notes the first promise that is broken.
func (h *history) violated(promise, format string, args ...any) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.violation == "" {
		h.violation = promise + ": " + fmt.Sprintf(format, args...)
		h.heard += h.line("VIOLATED %s", h.violation)
	}
}

func (h *history) broken() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.violation != ""
}

// names is the place where an id is put into a text; render makes it readable.
func (h *history) names(id string) string { return id }

// render gives the story with short names for runs and questions.
func (h *history) render() []string {
	var pairs []string
	for i, id := range h.runs {
		pairs = append(pairs, id, fmt.Sprintf("run%d", i+1))
	}
	for i, id := range h.asked {
		pairs = append(pairs, id, fmt.Sprintf("question%d", i+1))
	}
	r := strings.NewReplacer(pairs...)
	h.violation = r.Replace(h.violation)
	for i, line := range h.story {
		h.story[i] = r.Replace(line)
	}
	return h.story
}

// stored reports whether a run is on the disk.
func (h *history) stored(run string) bool {
	_, _, err := h.disk.Run(context.Background(), run)
	return err == nil
}

func sortedKeys[V any](m map[string]V) []string { return slices.SortedFunc(maps.Keys(m), cmp.Compare) }

func contains(list []string, s string) bool { return slices.Contains(list, s) }

// wasCancelled reports whether somebody was told that the run is cancelled.
func (h *history) wasCancelled(run string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.cancelled[run]
}
