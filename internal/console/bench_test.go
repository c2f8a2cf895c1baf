package console_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"toban/internal/machine"
	"toban/internal/message"
	"toban/internal/store"
)

// longRun puts a run of many steps into the store, open, each of its messages of
// its own.
func (s *site) longRun(id string, steps int) {
	s.t.Helper()
	s.stored(store.Run{ID: id, Title: "loop"}, func(m *machine.Machine, r *machine.Run) {
		for i := range steps {
			_, step, _ := m.Next(time.Now())
			msg := message.NewObject("n", float64(i), "text", fmt.Sprint(i, strings.Repeat("x", 500)))
			m.Send(r, step, []machine.Output{{Msg: msg}}, []machine.Target{{Node: "n0", Msg: msg}}, time.Now())
			m.End(r, step, machine.Done, time.Now())
		}
	})
}

// manyQuestions puts open questions into the store, each with a card of 1 kB.
func (s *site) manyQuestions(n int) {
	s.t.Helper()
	body := machine.Encode(message.NewObject("card", strings.Repeat("Please look. ", 80), "choices", message.NewArray()))
	const each = 5_000
	for begin := 0; begin < n; begin += each {
		cut := &store.Cut{Partition: "p"}
		for i := begin; i < min(begin+each, n); i++ {
			id := fmt.Sprintf("%06d", i)
			cut.Runs = append(cut.Runs, store.RunWrite{Run: store.Run{ID: "r" + id, Title: "mail " + id, Status: machine.RunWaiting, Waiting: "asking", StartedAt: time.Now()}})
			cut.Questions = append(cut.Questions, store.Question{ID: "q" + id, Run: "r" + id, Kind: "ask", Title: "question " + id, Body: body, State: store.Open,
				CreatedAt: time.Now(), Deadline: time.Now().Add(time.Hour + time.Duration(n-i)*time.Second)})
		}
		if err := s.app.Store().Commit(s.t.Context(), cut); err != nil {
			s.t.Fatal(err)
		}
	}
}

// poll asks for a page as its script does, and gives the status and the tag.
func (s *site) poll(path, tag string) (status int, newTag string) {
	s.t.Helper()
	resp, _ := s.send(http.MethodGet, path, "", "If-None-Match", tag)
	return resp.StatusCode, resp.Header.Get("ETag")
}

// BenchmarkPollRun is one look of an open page at what is new in a run of 10,000 steps.
func BenchmarkPollRun(b *testing.B) {
	s := newSite(b)
	s.longRun("long", 10_000)
	s.benchmarkPoll(b, "/runs/long")
}

// BenchmarkPollQuestions is one look while 100,000 questions are open.
func BenchmarkPollQuestions(b *testing.B) {
	s := newSite(b)
	s.manyQuestions(100_000)
	s.benchmarkPoll(b, "/questions")
	s.benchmarkPoll(b, "/runs")
}

// benchmarkPoll measures a page that hasn't changed, and all of it.
func (s *site) benchmarkPoll(b *testing.B, path string) {
	b.Run(path[1:]+" unchanged", func(b *testing.B) {
		_, tag := s.poll(path, "")
		for b.Loop() {
			_, tag = s.poll(path, tag)
		}
	})
	b.Run(path[1:]+" whole", func(b *testing.B) {
		for b.Loop() {
			s.poll(path, "")
		}
	})
}
