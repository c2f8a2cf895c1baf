package console

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"toban/internal/engine"
	"toban/internal/locale"
	"toban/internal/node"
	"toban/internal/store"
)

// backToRun is the value of a form's field back that leads to the run's page.
const backToRun = "run"

const longestAnswer = 10_000 // bytes

// answer takes a decision (POST /questions/answer: id, choice or text, back).
func (l *look) answer() error {
	if err := l.r.ParseForm(); err != nil {
		return badForm(err)
	}
	row, err := l.cfg.Store.Question(l.r.Context(), l.r.PostForm.Get("id"))
	if errors.Is(err, store.ErrNotFound) {
		return &problem{http.StatusNotFound, locale.Errorf("console.no_such_question"), "console.to_questions", "/questions"}
	}
	if err != nil {
		return err
	}
	to := "/questions#q-" + row.ID
	if l.r.PostForm.Get("back") == backToRun {
		to = "/runs/" + row.Run + "#q-" + row.ID
	}
	a, err := l.given(row)
	if err != nil {
		return err
	}
	card, err := l.cfg.Engine.Answer(l.r.Context(), row.ID, a)
	switch {
	case errors.Is(err, node.ErrClosed) && same(card.Answer, a): // the same click again
	case errors.Is(err, node.ErrClosed):
		return &problem{http.StatusConflict, locale.Errorf("console.closed", "outcome", l.outcome(card)), "console.back", to}
	case errors.Is(err, node.ErrNotAllowed):
		return &problem{http.StatusForbidden, l.notApprover(card), "console.back", to}
	case err != nil:
		return err
	}
	return l.redirect(to)
}

// notApprover says who may answer.
func (l *look) notApprover(card node.Card) error {
	var names []string
	for _, p := range l.approvers(card) {
		names = append(names, p.Name)
	}
	return locale.Errorf("console.not_approver", "who", strings.Join(names, ", "))
}

// given reads the answer of a form.
func (l *look) given(row store.Question) (node.Answer, error) {
	card, err := l.cfg.Engine.Card(row)
	if err != nil {
		return node.Answer{}, err
	}
	a := node.Answer{Choice: -1, By: l.person(), Via: "console"}
	choices := card.Question.Choices
	if len(choices) == 0 {
		a.Value = strings.TrimSpace(l.r.PostForm.Get("text"))
		if a.Value == "" || len(a.Value) > longestAnswer {
			return a, badForm(locale.Errorf("console.bad_text", "max", longestAnswer))
		}
		return a, nil
	}
	a.Choice, err = strconv.Atoi(l.r.PostForm.Get("choice"))
	if err != nil || a.Choice < 0 || a.Choice >= len(choices) {
		return a, badForm(locale.Errorf("console.no_such_choice"))
	}
	a.Value = choices[a.Choice].Value
	return a, nil
}

// same reports whether the answer that counted is this one: a button that was pressed twice.
func same(counted *node.Answer, a node.Answer) bool {
	return counted != nil && counted.By == a.By && counted.Via == a.Via && counted.Choice == a.Choice && counted.Value == a.Value
}

func badForm(err error) error {
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		return err
	}
	return &problem{http.StatusBadRequest, locale.Errorf("console.bad_form").Because(err), "console.to_questions", "/questions"}
}

func notPending() error {
	return &problem{http.StatusConflict, locale.Errorf("console.not_pending"), "console.to_questions", "/questions"}
}

// cancel ends an open run (POST /runs/{id}/cancel).
func (l *look) cancel() error {
	id := l.r.PathValue("id")
	err := l.cfg.Engine.Cancel(l.r.Context(), id)
	if !errors.Is(err, engine.ErrNoRun) {
		if err != nil {
			return err
		}
		return l.redirect("/runs/" + id)
	}
	run, _, err := l.cfg.Store.Run(l.r.Context(), id)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return noSuchRun(id)
	case err != nil:
		return err
	case run.Status == "cancelled": // the same click again
		return l.redirect("/runs/" + id)
	}
	return &problem{http.StatusConflict, locale.Errorf("console.ended_already", "status", l.runBadge(run.Status).Word), "console.back", "/runs/" + id}
}
