package simulate_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// mutant is one way to break a promise in the engine. The simulation must find it.
type mutant struct {
	name string
	file string // below internal/
	old  string // stands exactly once in the file
	new  string
}

// mutants are the bugs that the simulation is proved by. Each is a text in
// today's source: one that the source has left fails the test.
var mutants = []mutant{
	{"ack before store", "engine/accept.go",
		"	run := p.begin(inst, a.event, \"\")\n",
		"	run := p.begin(inst, a.event, \"\")\n	close(r.safe)\n	r.safe = make(chan struct{})\n	defer close(r.safe)\n"},
	{"source acked before the cut is written", "engine/commit.go",
		"	p.saving, p.unsaved = p.unsaved, nil\n",
		"	p.saving, p.unsaved = p.unsaved, nil\n	for _, w := range cut.Runs {\n		p.settleReceipt(w.ID)\n	}\n"},
	{"execute before reserve", "engine/effect.go",
		"	p.effects[one.h.s] = one\n	p.m.Reserve(one.h.run, one.h.s)\n",
		"	p.m.Reserve(one.h.run, one.h.s)\n	p.e.perform(one)\n"},
	{"answer without compare-and-swap", "store/memory/memory.go",
		"q.State != store.Open || end.State == store.Answered && late",
		"end.State == store.Answered && late"},
	{"timer beats answer", "store/memory/memory.go",
		"q.State != store.Open || end.State == store.Answered && late",
		"q.State != store.Open && end.State != store.Expired || end.State == store.Answered && late"},
	{"a cut without sibling branches", "machine/machine.go",
		"	r.add(s)\n	m.touchStep(r, s)\n	m.queue.push(delivery{r, s})\n",
		"	r.add(s)\n	if parent < 0 || r.steps[parent] == nil || s.Seq-parent == 1 {\n		m.touchStep(r, s)\n	}\n	m.queue.push(delivery{r, s})\n"},
	{"a cut without context", "machine/cut.go",
		"	m.cutContexts(cut)\n", "	clear(m.dirtyContexts)\n"},
	{"a cut without node state", "machine/cut.go",
		"	m.cutRows(cut)\n", "	m.dirtyRows = nil\n"},
	{"recovery re-runs reserved", "machine/restore.go",
		"			out.Reserved = append(out.Reserved, Open{r, s})\n", "			again = append(again, delivery{r, s})\n"},
	{"an error count that a throwing function resets", "engine/raise.go",
		"	count := h.round()\n",
		"	count := 1\n	if _, kept := msg.Lookup(\"error\"); kept {\n		count = h.round()\n	}\n"},
	{"an unknown outcome counts as failed", "engine/step.go",
		"	if errors.Is(err, node.ErrUnknown) && h.s.Attempt > 0 {\n",
		"	if errors.Is(err, node.ErrUnknown) && h.s.Attempt > 1000 {\n"},
	{"a repeat of an event is not recognised", "engine/accept.go",
		"known != nil {", "known != nil && false {"},
	{"an answer is consumed and the run is not written", "machine/machine.go",
		"	s.State = Running\n	m.touchStep",
		"	s.State = Running\n	s.dirty = true\n	m.touchStep"},
	{"an effect starts although its run was cancelled", "engine/effect.go",
		"	if one.h.run.Cancelled() { // meanwhile\n", "	if false {\n"},
	{"a failed commit is taken for written", "engine/commit.go",
		"		p.block(err)\n", "		if p.block(err); pause > 0 {\n			return true\n		}\n"},
	{"open questions are forgotten at a start", "engine/recover.go",
		"	case q.State == store.Open && waits:\n		p.e.work.Go(func() { p.e.show(q.ID) })\n",
		"	case q.State == store.Open && waits:\n"},
	{"joined tabs forget what they hold", "machine/absorb.go",
		"	maps.Copy(m.rows, other.rows)\n", ""},
	{"joined tabs forget each other's events", "engine/deploy.go",
		"	into.seen.absorb(p.seen)\n", ""},
	{"what is restored goes to a partition that is gone", "engine/recover.go",
		"b.inst.p.owner() //", "b.inst.p //"},
	{"a cancel is confirmed before it is written", "engine/cancel.go",
		"			return p.await(ctx, stored)\n", "			return nil\n"},
	{"a message that is taken out of node state is not written before the mail is marked", "engine/env.go",
		"	if p.at.step != nil {\n		p.m.Touch(p.at.step.run)\n	}\n	if run", "	if run"},
	{"a row wakes in the current revision only", "engine/env.go",
		"		waker, ok := h.inst.impl.(node.Waker)\n",
		"		if h.p.e.instance(h.s.Node) == nil {\n			return\n		}\n		waker, ok := h.inst.impl.(node.Waker)\n"},
	{"an event begins on a revision that is gone", "engine/accept.go",
		"	now := inst.p.e.instance(inst.flow.ID)\n", "	now := inst\n"},
	{"runs go over to other nodes and leave steps open", "engine/deploy.go",
		"	e.endMoved(rev)\n", ""},
	{"a merged loop goes on", "engine/partition.go",
		"				p.post(f)\n", "				f()\n"},
	{"a question that can't be read is not shown", "engine/show.go",
		"			e.later(showAgain, func() { e.show(id) })\n", ""},
	{"a card that could not be updated stays as it is", "engine/show.go",
		"		if try < updateTries {\n", "		if try < 0 {\n"},
	{"where a card stands is forgotten", "engine/show.go",
		"			e.later(showAgain, func() { e.notePosted(id, ref) })\n", ""},
	{"a card that nobody noted is not looked for", "engine/show.go",
		"		if ref, err = e.cfg.Desk.Find(ctx, card); err != nil || ref == \"\" {\n			return err\n		}\n", "		return nil\n"},
	{"a question is done with while its card is being posted", "engine/show.go",
		"	if waiting, posting := e.showing[q.ID]; posting {\n", "	if waiting, posting := e.showing[q.ID]; posting && false {\n"},
	{"a joined loop is in two places", "engine/deploy.go",
		"	p.at, p.seen = into.at, into.seen\n", "	p.seen = into.seen\n"},
}

// onDisk are those of the store that has a disk. There are no leases while
// one process owns the folder; the nearest is that process's lock.
var onDisk = []mutant{
	{"a second process is let in", "store/sqlite/lock_unix.go", "unix.LOCK_EX|unix.LOCK_NB", "unix.LOCK_SH|unix.LOCK_NB"},
	{"SQLite ends a question twice", "store/sqlite/question.go", "WHERE id = ?1 AND state = 'open' AND CASE", "WHERE id = ?1 AND CASE"},
}

// findWithin is how long the simulation may look for a mutant: processor time, of
// which a busy machine gives less in a minute. giveUp is the time on the clock after
// which it isn't waited for.
const (
	findWithin = 60 * time.Second
	giveUp     = 5 * time.Minute
)

func TestMutantsAreFound(t *testing.T) {
	if testing.Short() {
		t.Skip("short: builds a package for each mutant")
	}
	for _, m := range mutants {
		t.Run(m.name, func(t *testing.T) { t.Parallel(); m.find(t, ".") })
	}
	for _, m := range onDisk {
		t.Run(m.name, func(t *testing.T) { t.Parallel(); m.find(t, "./onsqlite") })
	}
}

// find builds the simulation with the mutant and has it search.
func (m mutant) find(t *testing.T, pkg string) {
	search := exec.CommandContext(t.Context(), m.build(t, pkg), "-test.run=^TestHistories$", "-test.timeout="+giveUp.String(), "-histories=1000000")
	out, err := search.CombinedOutput()
	story := string(out)
	took := search.ProcessState.UserTime() + search.ProcessState.SystemTime()
	if err == nil || took > findWithin {
		t.Fatalf("not found within %v of processor time, but %v: %v\n%.2000s", findWithin, took, err, story)
	}
	_, found, ok := strings.Cut(story, "seed ")
	if !ok {
		t.Fatalf("it ended otherwise: %v\n%.2000s", err, story)
	}
	line, _, _ := strings.Cut(found, "\n")
	t.Logf("found in %.2fs: seed %s", took.Seconds(), line)
}

// build compiles the simulation with the mutated file in place of the real one.
func (m mutant) build(t *testing.T, pkg string) string {
	t.Helper()
	dir := t.TempDir()
	file, err := filepath.Abs(filepath.Join("..", filepath.FromSlash(m.file)))
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(text), m.old); n != 1 {
		t.Fatalf("the text to replace stands %d times in %s; the mutant must follow the source", n, m.file)
	}
	mutated := filepath.Join(dir, "mutated.go")
	write(t, mutated, strings.Replace(string(text), m.old, m.new, 1))
	overlay, err := json.Marshal(map[string]any{"Replace": map[string]string{file: mutated}})
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "overlay.json"), string(overlay))
	bin := filepath.Join(dir, "simulate.test")
	cmd := exec.CommandContext(t.Context(), "go", "test", "-c", "-vet=off", "-overlay="+filepath.Join(dir, "overlay.json"), "-o", bin, pkg)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatal(fmt.Errorf("%w\n%s", err, out))
	}
	return bin
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
