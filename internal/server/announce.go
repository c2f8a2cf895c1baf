package server

import (
	"sync"
	"time"

	"toban/internal/comms"
	"toban/internal/store"
)

// What the editor and the console hear of runs and questions while they happen.
const (
	// RunsTopic has {"runs":[…], "more":bool}: runs as the API lists them, and
	// whether others changed too, so that the list is to be read anew.
	RunsTopic = "toban/runs"
	// QuestionsTopic has {"questions":[…], "more":bool} in the same way.
	QuestionsTopic = "toban/questions"

	announceEvery = 250 * time.Millisecond
	announceMost  = 50 // of one kind each time
)

// questionNews is what is announced of a question.
type questionNews struct {
	ID       string    `json:"id"`
	Run      string    `json:"run"`
	Node     string    `json:"node"`
	Kind     string    `json:"kind"`
	Title    string    `json:"title"`
	State    string    `json:"state"`
	Deadline time.Time `json:"deadline"`
}

// announcer gathers changes and publishes them a few times a second, so that a
// storm of runs doesn't drown what else the clients hear.
type announcer struct {
	hub *comms.Hub

	mu        sync.Mutex
	planned   bool
	runs      gathered[runView]
	questions gathered[questionNews]
}

// gathered are the latest states by id, bounded.
type gathered[T any] struct {
	order []string
	byID  map[string]T
	more  bool
}

func (g *gathered[T]) put(id string, v T) {
	if _, known := g.byID[id]; !known {
		if len(g.order) == announceMost {
			g.more = true
			return
		}
		g.order = append(g.order, id)
	}
	if g.byID == nil {
		g.byID = map[string]T{}
	}
	g.byID[id] = v
}

func (g *gathered[T]) take() (list []T, more bool) {
	for _, id := range g.order {
		list = append(list, g.byID[id])
	}
	more = g.more
	*g = gathered[T]{}
	return list, more
}

// run announces a run that began or changed.
func (a *announcer) run(r store.Run) {
	a.note(func() { a.runs.put(r.ID, viewOf(r)) })
}

// question announces a question that was asked or ended.
func (a *announcer) question(q store.Question) {
	a.note(func() {
		a.questions.put(q.ID, questionNews{ID: q.ID, Run: q.Run, Node: q.Node, Kind: q.Kind, Title: q.Title, State: q.State, Deadline: q.Deadline})
	})
}

// note gathers something, if anybody listens.
func (a *announcer) note(put func()) {
	if a.hub.Clients() == 0 {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	put()
	if !a.planned {
		a.planned = true
		time.AfterFunc(announceEvery, a.publish)
	}
}

// publish sends what was gathered; views always marshal.
func (a *announcer) publish() {
	a.mu.Lock()
	a.planned = false
	runs, moreRuns := a.runs.take()
	questions, moreQuestions := a.questions.take()
	a.mu.Unlock()
	if len(runs) > 0 {
		_ = a.hub.Publish(RunsTopic, map[string]any{"runs": runs, "more": moreRuns}, false)
	}
	if len(questions) > 0 {
		_ = a.hub.Publish(QuestionsTopic, map[string]any{"questions": questions, "more": moreQuestions}, false)
	}
}
