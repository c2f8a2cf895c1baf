package crash

import (
	"strings"
	"testing"
	"time"

	"toban/internal/testparts/sshd"
)

// life says how one life of the server ends.
type life struct {
	point string        // a failpoint, NAME or NAME:N; "": none
	after time.Duration // killed from outside after so long; 0: not
}

// history is one story with the crashes that are put into it.
type history struct {
	*world
	*person
	*process
	*api
	t     *testing.T
	lives []life // of the lives to come; after them one without a crash
	born  time.Time
	now   life
	kills map[string]int // how many lives were ended, by failpoint; "": from outside
	total int            // all of them
	goal  int            // of the story, that is next
	hooks int            // requests sent to the webhook
	large int            // runs that were to grow the database

	deleted time.Time // when it was seen first that old runs are gone
}

// goal is one thing that the outside wants: it is done again and again until it
// holds, whatever the server does meanwhile.
type goal struct {
	name string
	met  func(h *history) bool
}

// story is what is played.
type story struct {
	name   string
	env    []string // of the server
	begin  func(h *history)
	people map[string]string // see person.answers
	goals  []goal
	check  func(h *history)
}

func newHistory(t *testing.T, host *sshd.Server, s *story, unknown string, lives ...life) *history {
	t.Helper()
	w := newWorld(t, host, s.env...)
	h := &history{t: t, world: w, person: newPerson(w, unknown, s.people), lives: lives, kills: map[string]int{}}
	h.process = newProcess(t, w.env)
	h.api = newAPI(h.addr)
	return h
}

// play plays a story to its end and checks it.
func (h *history) play(s *story) {
	h.t.Helper()
	t := h.t
	t.Cleanup(func() {
		if t.Failed() {
			h.tell()
		}
	})
	if s.begin != nil {
		s.begin(h)
	}
	for last := time.Now(); h.goal < len(s.goals); time.Sleep(pause) {
		if h.live() {
			last = time.Now()
		}
		if time.Since(last) > patience {
			t.Fatalf("not within %v of the last crash: %s", patience, s.goals[h.goal].name)
		}
		h.look()
		for h.goal < len(s.goals) && s.goals[h.goal].met(h) {
			h.goal++
		}
	}
	h.calm()
	h.checkPromises()
	s.check(h)
}

// calm lets a life begin, if need be, that no crash is planned for: the checks
// want answers.
func (h *history) calm() {
	h.t.Helper()
	if h.lives = nil; h.now != (life{}) {
		h.kill()
		h.cmd = nil
	}
	for began := time.Now(); ; time.Sleep(pause) {
		h.live()
		_, err := h.runs()
		if err == nil {
			return
		}
		h.renew(err)
		if time.Since(began) > patience {
			h.t.Fatalf("after the story: %v", err)
		}
	}
}

// live keeps the server alive, or ends the present life as planned. true: a new
// life has begun.
func (h *history) live() bool {
	h.t.Helper()
	if h.cmd != nil && h.now.after > 0 && time.Since(h.born) > h.now.after {
		h.kill()
	}
	if !h.dead() {
		return false
	}
	if h.cmd != nil {
		h.kills[pointOf(h.now.point)]++
		h.total++
	}
	h.now, h.born = life{}, time.Now()
	if len(h.lives) > 0 {
		h.now, h.lives = h.lives[0], h.lives[1:]
	}
	h.start(h.now.point)
	h.http.CloseIdleConnections()
	return true
}

// pointOf is the name of NAME or NAME:N.
func pointOf(point string) string {
	name, _, _ := strings.Cut(point, ":")
	return name
}

// restart ends the present life, which counts as no crash, and lets the next ones
// have one more variable.
func (h *history) restart(variable string) {
	h.kill()
	h.cmd = nil
	h.process.env = append(h.process.env, variable)
}

// tell logs what there is to see when something went wrong.
func (h *history) tell() {
	h.t.Logf("executed: %v", h.executed())
	for _, post := range h.posts() {
		h.t.Logf("post: %s", post)
	}
	runs, err := h.runs()
	if err != nil {
		h.t.Logf("the runs: %v", err)
	}
	for _, r := range runs {
		h.t.Logf("run %s %q from %s: %s %s %s%s", r.ID, r.Title, r.Source, r.Status, r.Waiting, r.Error, h.steps(r.ID))
	}
	questions, _ := h.questions()
	for _, q := range questions {
		h.t.Logf("question %+v", q)
	}
}
