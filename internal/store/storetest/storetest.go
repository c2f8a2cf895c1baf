// Package storetest is the conformance suite of [store.Store]: what every
// implementation has to do, seen from outside.
package storetest

import (
	"fmt"
	"testing"
	"time"

	"toban/internal/store"
)

// Place is where a store keeps its data.
type Place interface {
	// Open opens the store that is in the place, an empty one at first. The
	// suite closes it before it opens the place again.
	Open(t *testing.T) store.Store
	// Killed gives the place as a new process would find it if the one that has
	// it open died this moment.
	Killed(t *testing.T) Place
}

// Run runs the suite; newPlace gives a new, empty place.
func Run(t *testing.T, newPlace func(t *testing.T) Place) {
	for name, test := range map[string]func(*testing.T, Place){
		"Cuts":      testCuts,
		"Commits":   testCommits,
		"Durable":   testDurable,
		"Events":    testEvents,
		"Lists":     testLists,
		"Recover":   testRecover,
		"Questions": testQuestions,
		"Deadlines": testDeadlines,
		"OneAnswer": testOneAnswer,
		"Kept":      testKept,
		"Prune":     testPrune,
		"PruneSize": testPruneSize,
		"Closed":    testClosed,
	} {
		t.Run(name, func(t *testing.T) { test(t, newPlace(t)) })
	}
}

// open opens a place for one test.
func open(t *testing.T, p Place) store.Store {
	t.Helper()
	s := p.Open(t)
	t.Cleanup(func() { must(t, s.Close()) })
	return s
}

// day is when the suite's runs start: a whole microsecond, in UTC.
var day = time.Date(2026, 4, 1, 9, 30, 0, 123456000, time.UTC)

// run gives an open run with every field filled.
func run(id string, started time.Time) store.Run {
	return store.Run{
		ID: id, Partition: "p1", Flow: "tab1", FlowName: "再起動 100%", Revision: "abc", Source: "mail1",
		EventKey: "key-" + id, Title: "EC2 i-0abc が停止 (" + id + ")", Status: "running", StartedAt: started,
	}
}

func ended(r store.Run, at time.Time) store.Run {
	r.Status, r.EndedAt = "done", at
	return r
}

// write is one cut with one run and record.
func write(r store.Run, record string) *store.Cut {
	return &store.Cut{Partition: r.Partition, Runs: []store.RunWrite{{Run: r, Record: []byte(record)}}}
}

func question(id, run string, deadline time.Time) store.Question {
	return store.Question{
		ID: id, Run: run, Step: 3, Partition: "p1", Node: "ask1", Kind: "ask", Title: "止めますか?",
		Connection: "slack1", Channel: "C1", Body: []byte(`{"choices":[]}`), Approvers: []string{"U1", "U2"},
		State: store.Open, CreatedAt: day, Deadline: deadline,
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func commit(t *testing.T, s store.Store, cuts ...*store.Cut) {
	t.Helper()
	must(t, s.Commit(t.Context(), cuts...))
}

// journal gives a run's records as texts.
func journal(t *testing.T, s store.Store, id string) (store.Run, []string) {
	t.Helper()
	r, records, err := s.Run(t.Context(), id)
	must(t, err)
	var texts []string
	last := int64(-1)
	for _, rec := range records {
		if rec.Run != id || rec.Seq <= last {
			t.Errorf("record %+v of run %s after seq %d", rec, id, last)
		}
		last = rec.Seq
		texts = append(texts, string(rec.Data))
	}
	return r, texts
}

func ids(runs []store.Run) string {
	text := ""
	for _, r := range runs {
		text += r.ID + " "
	}
	return text
}

func numbered(prefix string, n int) []string {
	var all []string
	for i := range n {
		all = append(all, fmt.Sprintf("%s%d", prefix, i))
	}
	return all
}
