package server_test

import (
	"strings"
	"testing"
	"time"

	"toban/internal/machine"
	"toban/internal/message"
	"toban/internal/store"
)

// asked stores an open question with two buttons.
func (s *site) asked(id string, approvers ...string) {
	s.t.Helper()
	choice := func(value, label string) message.Value {
		return message.NewObject("name", value, "value", value, "label", label, "style", "")
	}
	body := machine.Encode(message.NewObject("card", "Stop i-0abc?",
		"choices", message.NewArray(choice("yes", "Stop it"), choice("no", "Leave it"))))
	q := store.Question{ID: id, Run: "r1", Partition: "p", Node: "ask1", Kind: "ask", Title: "Stop i-0abc?", Body: body,
		Approvers: approvers, State: store.Open, CreatedAt: time.Now(), Deadline: time.Now().Add(time.Hour)}
	if err := s.app.Store().Commit(s.t.Context(), &store.Cut{Partition: "p", Questions: []store.Question{q}}); err != nil {
		s.t.Fatal(err)
	}
}

// TestQuestions: a question is answered once, by whom it asks, with one of its choices.
func TestQuestions(t *testing.T) {
	s := newSite(t)
	s.asked("q1")
	s.asked("q2", "U123")
	type question struct {
		ID, State, Title string
		Choices          []struct{ Value, Label string }
		Answer           *struct{ Value, By, Via string }
	}
	list := decode[struct{ Questions []question }](t, s.want(200, "GET", "/api/questions?state=open", "")).Questions
	if len(list) != 2 || list[1].ID != "q1" || len(list[1].Choices) != 2 || list[1].Choices[0].Label != "Stop it" {
		t.Fatalf("open questions: %+v", list)
	}
	const answer = "/api/questions/q1/answer"
	s.want(400, "POST", answer, `{"value":"maybe"}`)
	s.want(400, "POST", answer, `{"value":`)
	s.want(404, "POST", "/api/questions/nobody/answer", `{"value":"yes"}`)
	s.want(403, "POST", "/api/questions/q2/answer", `{"value":"yes"}`)
	s.want(201, "POST", "/api/users", `{"name":"hanako","role":"admin","password":"hanako's password"}`)
	s.want(204, "POST", answer, `{"value":"yes"}`, "Authorization", "", "Cookie", s.cookieOf("hanako", "hanako's password"), "Origin", s.url)
	if got := s.want(409, "POST", answer, `{"value":"no"}`); !strings.Contains(got, `"closed"`) {
		t.Errorf("second answer: %s", got)
	}
	got := decode[question](t, s.want(200, "GET", "/api/questions/q1", ""))
	if got.State != store.Answered || got.Answer == nil || got.Answer.Value != "yes" || got.Answer.By != "hanako" || got.Answer.Via != "api" {
		t.Errorf("answered: %+v", got)
	}
	if got := decode[question](t, s.want(200, "GET", "/api/questions/q2", "")); got.State != store.Open {
		t.Errorf("a question that asks others is %s", got.State)
	}
}
