package server

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"toban/internal/engine"
	"toban/internal/flow"
	"toban/internal/locale"
	"toban/internal/store"
)

// runRoutes are about runs.
func (s *Server) runRoutes() []route {
	return []route{
		{pattern: "GET /api/runs", handler: s.getRuns, access: view},
		{pattern: "GET /api/runs/{id}", handler: s.getRun, access: view},
		{pattern: "POST /api/runs/{id}/cancel", handler: s.postCancel, access: operate},
		{pattern: "POST /api/runs/{id}/rehearse", handler: s.postRehearse, access: operate},
		{pattern: "GET /api/revisions/{rev}", handler: s.getRevision, access: view},
		{pattern: "GET /api/rehearsal", handler: s.getRehearsal, access: view},
		{pattern: "POST /api/rehearsal", handler: s.postRehearsal, access: operate},
	}
}

// runView is a run as the API gives it.
type runView struct {
	ID        string     `json:"id"`
	Status    string     `json:"status"`
	Flow      string     `json:"flow"`
	FlowName  string     `json:"flowName,omitempty"`
	Title     string     `json:"title,omitempty"`
	Waiting   string     `json:"waiting,omitempty"`
	Error     string     `json:"error,omitempty"`
	Source    string     `json:"source"`
	Revision  string     `json:"revision"`
	Parent    string     `json:"parent,omitempty"`
	Rehearsal bool       `json:"rehearsal,omitempty"`
	StartedAt time.Time  `json:"startedAt"`
	EndedAt   *time.Time `json:"endedAt,omitempty"`
}

func viewOf(r store.Run) runView {
	v := runView{ID: r.ID, Status: r.Status, Flow: r.Flow, FlowName: r.FlowName, Title: r.Title, Waiting: r.Waiting, Error: r.Error,
		Source: r.Source, Revision: r.Revision, Rehearsal: r.Rehearsal, StartedAt: r.StartedAt}
	if !r.EndedAt.IsZero() {
		v.EndedAt = &r.EndedAt
	}
	return v
}

// getRuns lists runs, newest first (GET /api/runs): filters status, flow, text,
// since, until (RFC 3339), before (an id) and limit. next, if present, is the
// value of before that gives the following page.
func (s *Server) getRuns(w http.ResponseWriter, r *http.Request) error {
	filter, err := runFilter(r)
	if err != nil {
		return err
	}
	limit := filter.Limit
	filter.Limit++ // one more tells whether there is another page
	runs, err := s.cfg.Store.Runs(r.Context(), filter)
	if err != nil {
		return err
	}
	out := struct {
		Runs []runView `json:"runs"`
		Next string    `json:"next,omitempty"`
	}{Runs: []runView{}}
	for i, run := range runs {
		if i == limit {
			out.Next = runs[limit-1].ID
			break
		}
		out.Runs = append(out.Runs, viewOf(run))
	}
	return reply(w, http.StatusOK, out)
}

const (
	defaultLimit = 50
	maxLimit     = 500
	maxText      = 1_000 // bytes of a text to look for
)

func runFilter(r *http.Request) (f store.RunFilter, err error) {
	q := r.URL.Query()
	f = store.RunFilter{Status: q.Get("status"), Flow: q.Get("flow"), Text: q.Get("text"), Before: q.Get("before"), Limit: defaultLimit}
	if len(f.Text) > maxText {
		return f, badParameter("text", f.Text)
	}
	if text := q.Get("limit"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > maxLimit {
			return f, badParameter("limit", text)
		}
		f.Limit = n
	}
	for name, at := range map[string]*time.Time{"since": &f.Since, "until": &f.Until} {
		if text := q.Get(name); text != "" {
			if *at, err = time.Parse(time.RFC3339, text); err != nil {
				return f, badParameter(name, text)
			}
		}
	}
	return f, nil
}

func badParameter(name, value string) error {
	if len(value) > 80 {
		value = strings.ToValidUTF8(value[:80], "") + ellipsis
	}
	return fail(http.StatusBadRequest, "bad_request", locale.Errorf("server.bad_parameter", "name", name, "value", value))
}

// postCancel ends an open run (POST /api/runs/:id/cancel).
func (s *Server) postCancel(w http.ResponseWriter, r *http.Request) error {
	err := s.cfg.Engine.Cancel(r.Context(), r.PathValue("id"))
	if errors.Is(err, engine.ErrNoRun) {
		return fail(http.StatusNotFound, "not_found", locale.Errorf("server.no_open_run", "run", r.PathValue("id")))
	}
	if err != nil {
		return err
	}
	return reply(w, http.StatusNoContent, nil)
}

// postRehearse begins a rehearsal with the event of an earlier run (POST
// /api/runs/:id/rehearse): {run}, the id of the new one; 409 if the deployed flow
// has no place for it to begin.
func (s *Server) postRehearse(w http.ResponseWriter, r *http.Request) error {
	run, err := s.cfg.Engine.RehearseRun(r.Context(), r.PathValue("id"))
	switch {
	case errors.Is(err, store.ErrNotFound):
		return notFound("run " + r.PathValue("id"))
	case errors.Is(err, engine.ErrNotAgain):
		return fail(http.StatusConflict, "not_again", err)
	case err != nil:
		return err
	}
	return reply(w, http.StatusOK, map[string]string{"run": run})
}

// getRevision gives a flow file that was deployed once and that runs are kept of
// (GET /api/revisions/:rev): {flows, rev}, never with credentials.
func (s *Server) getRevision(w http.ResponseWriter, r *http.Request) error {
	rev := r.PathValue("rev")
	data, err := s.cfg.Store.Revision(r.Context(), rev)
	if errors.Is(err, store.ErrNotFound) {
		return notFound("revision " + rev)
	}
	if err != nil {
		return err
	}
	file, err := flow.Parse(data)
	if err != nil {
		return err
	}
	clean, _ := file.SplitCredentials() // a file that a person wrote may have had some
	return reply(w, http.StatusOK, map[string]any{"flows": json.RawMessage(clean.JSON()), "rev": rev})
}
