package server

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"time"

	"toban/internal/auth"
	"toban/internal/locale"
	"toban/internal/message"
	"toban/internal/node"
	"toban/internal/store"
)

// questionRoutes are about questions to people.
func (s *Server) questionRoutes() []route {
	return []route{
		{pattern: "GET /api/questions", handler: s.getQuestions, access: view},
		{pattern: "GET /api/questions/{id}", handler: s.getQuestion, access: view},
		{pattern: "POST /api/questions/{id}/answer", handler: s.postAnswer, access: operate},
	}
}

// questionView is a question as the API gives it.
type questionView struct {
	ID        string       `json:"id"`
	Run       string       `json:"run"`
	Step      int          `json:"step"`
	Node      string       `json:"node"`
	Kind      string       `json:"kind"`
	Title     string       `json:"title"`
	Channel   string       `json:"channel,omitempty"`
	State     string       `json:"state"`
	Card      message.JSON `json:"card"`
	Choices   []choiceView `json:"choices"`
	Approvers []string     `json:"approvers,omitempty"`
	CreatedAt time.Time    `json:"createdAt"`
	Deadline  time.Time    `json:"deadline"`
	EndedAt   *time.Time   `json:"endedAt,omitempty"`
	Answer    *answerView  `json:"answer,omitempty"`
}

type choiceView struct {
	Value string `json:"value"`
	Label string `json:"label"`
}

type answerView struct {
	Value string    `json:"value"`
	By    string    `json:"by"`
	Name  string    `json:"name"`
	Via   string    `json:"via"`
	At    time.Time `json:"at"`
}

// getQuestions lists questions, newest first (GET /api/questions): filters
// state and run.
func (s *Server) getQuestions(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	limit := defaultLimit
	if text := q.Get("limit"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > maxLimit {
			return badParameter("limit", text)
		}
		limit = n
	}
	rows, err := s.cfg.Store.Questions(r.Context(), store.QuestionFilter{State: q.Get("state"), Run: q.Get("run"), Limit: limit})
	if err != nil {
		return err
	}
	list := []questionView{}
	for _, row := range rows {
		v, err := s.question(row)
		if err != nil {
			return err
		}
		list = append(list, v)
	}
	return reply(w, http.StatusOK, map[string]any{"questions": list})
}

// getQuestion gives one question (GET /api/questions/:id).
func (s *Server) getQuestion(w http.ResponseWriter, r *http.Request) error {
	row, err := s.cfg.Store.Question(r.Context(), r.PathValue("id"))
	if errors.Is(err, store.ErrNotFound) {
		return notFound("question " + r.PathValue("id"))
	}
	if err != nil {
		return err
	}
	v, err := s.question(row)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, v)
}

func (s *Server) question(row store.Question) (questionView, error) {
	card, err := s.cfg.Engine.Card(row)
	v := questionView{ID: row.ID, Run: row.Run, Step: row.Step, Node: row.Node, Kind: row.Kind, Title: row.Title,
		Channel: row.Channel, State: row.State, Card: message.JSON{Value: card.Question.Card}, Choices: []choiceView{},
		Approvers: row.Approvers, CreatedAt: row.CreatedAt, Deadline: row.Deadline}
	if !row.EndedAt.IsZero() {
		v.EndedAt = &row.EndedAt
	}
	for _, c := range card.Question.Choices {
		v.Choices = append(v.Choices, choiceView{c.Value, c.Label})
	}
	if a := card.Answer; a != nil {
		v.Answer = &answerView{a.Value, a.By.ID, a.By.Name, a.Via, a.At}
	}
	return v, err
}

// postAnswer answers a question (POST /api/questions/:id/answer with
// {"value"}): 204; 409 with how it ended if it had ended before.
func (s *Server) postAnswer(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Value string `json:"value"`
	}
	if err := readJSON(r, &in); err != nil {
		return err
	}
	id := r.PathValue("id")
	row, err := s.cfg.Store.Question(r.Context(), id)
	if errors.Is(err, store.ErrNotFound) {
		return notFound("question " + id)
	}
	if err != nil {
		return err
	}
	card, err := s.cfg.Engine.Card(row)
	if err != nil {
		return err
	}
	by := auth.PersonFrom(r.Context()).Name
	answer := node.Answer{Value: in.Value, Via: "api", By: node.Person{ID: by, Name: by},
		Choice: slices.IndexFunc(card.Question.Choices, func(c node.Choice) bool { return c.Value == in.Value })}
	card, err = s.cfg.Engine.Answer(r.Context(), id, answer)
	switch {
	case errors.Is(err, node.ErrClosed):
		return fail(http.StatusConflict, "closed", locale.Errorf("server.question_closed", "state", card.State))
	case errors.Is(err, node.ErrNotAllowed):
		return fail(http.StatusForbidden, "not_allowed", locale.Errorf("server.not_approver"))
	case locale.HasKey(err, "engine.no_such_choice"):
		return fail(http.StatusBadRequest, "no_such_choice", err)
	case err != nil:
		return err
	}
	return reply(w, http.StatusNoContent, nil)
}
