package server

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"toban/internal/engine"
	"toban/internal/locale"
	"toban/internal/machine"
	"toban/internal/message"
	"toban/internal/store"
)

// runRoutes are about runs.
func (s *Server) runRoutes() []route {
	return []route{
		{pattern: "GET /api/runs", handler: s.getRuns, access: view},
		{pattern: "GET /api/runs/{id}", handler: s.getRun, access: view},
		{pattern: "POST /api/runs/{id}/cancel", handler: s.postCancel, access: operate},
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
)

func runFilter(r *http.Request) (f store.RunFilter, err error) {
	q := r.URL.Query()
	f = store.RunFilter{Status: q.Get("status"), Flow: q.Get("flow"), Text: q.Get("text"), Before: q.Get("before"), Limit: defaultLimit}
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
	return fail(http.StatusBadRequest, "bad_request", locale.Errorf("server.bad_parameter", "name", name, "value", value))
}

// stepView is a step as the API gives it.
type stepView struct {
	Seq        int              `json:"seq"`
	Node       string           `json:"node"`
	NodeName   string           `json:"nodeName,omitempty"`
	Type       string           `json:"type,omitempty"`
	Parent     *int             `json:"parent,omitempty"`
	Port       int              `json:"port"`
	Status     string           `json:"status"`
	StartedAt  *time.Time       `json:"startedAt,omitempty"`
	DurationMs *float64         `json:"durationMs,omitempty"`
	Attempt    int              `json:"attempt,omitempty"`
	Input      message.JSON     `json:"input,omitempty"`
	Outputs    [][]message.JSON `json:"outputs,omitempty"`
	Error      string           `json:"error,omitempty"`
	Code       string           `json:"code,omitempty"`
	Caught     bool             `json:"caught,omitempty"`
	Preview    *previewView     `json:"preview,omitempty"`
	Question   string           `json:"question,omitempty"`
	Note       string           `json:"note,omitempty"`
}

type previewView struct {
	Action string `json:"action"`
	Target string `json:"target"`
	Detail string `json:"detail"`
}

// getRun gives one run with its steps (GET /api/runs/:id).
func (s *Server) getRun(w http.ResponseWriter, r *http.Request) error {
	run, records, err := s.cfg.Store.Run(r.Context(), r.PathValue("id"))
	if errors.Is(err, store.ErrNotFound) {
		return notFound("run " + r.PathValue("id"))
	}
	if err != nil {
		return err
	}
	history, err := machine.Fold(records)
	if err != nil {
		return err
	}
	out := struct {
		runView
		Steps []stepView `json:"steps"`
	}{runView: viewOf(run), Steps: []stepView{}}
	out.Parent = history.Parent
	name := s.cfg.Engine.Names(run.Revision)
	for _, step := range history.Steps {
		if step != nil {
			v := stepOf(step)
			v.NodeName, v.Type = name(step.Node)
			out.Steps = append(out.Steps, v)
		}
	}
	return reply(w, http.StatusOK, out)
}

func stepOf(s *machine.Step) stepView {
	v := stepView{Seq: s.Seq, Node: s.Node, Port: s.Port, Status: s.State.String(), Attempt: s.Attempt, Error: s.Error, Code: s.Code,
		Caught: s.Caught, Question: s.Question, Note: s.Note}
	if s.Parent >= 0 {
		v.Parent = &s.Parent
	}
	if !s.StartedAt.IsZero() {
		v.StartedAt = &s.StartedAt
		if !s.EndedAt.IsZero() {
			ms := float64(s.EndedAt.Sub(s.StartedAt).Microseconds()) / 1000
			v.DurationMs = &ms
		}
	}
	if s.Input != nil {
		v.Input = message.JSON{Value: s.Input}
	}
	for _, o := range s.Outputs {
		for len(v.Outputs) <= o.Port {
			v.Outputs = append(v.Outputs, []message.JSON{})
		}
		v.Outputs[o.Port] = append(v.Outputs[o.Port], message.JSON{Value: o.Msg})
	}
	if s.Preview.Action != "" {
		v.Preview = &previewView{s.Preview.Action, s.Preview.Target, s.Preview.Detail}
	}
	return v
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
