package server

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"toban/internal/history"
	"toban/internal/machine"
	"toban/internal/message"
	"toban/internal/store"
)

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
	Input      *message.JSON    `json:"input,omitempty"`
	Outputs    [][]message.JSON `json:"outputs,omitempty"`
	Cut        bool             `json:"cut,omitempty"` // of input or outputs a part is left out
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

// stepRange is which steps are asked for, and how.
type stepRange struct {
	from, limit int
	full        bool // with values as they are
}

// The number of steps in an answer.
const (
	defaultSteps = 1_000
	maxRunSteps  = 10_000_000
)

// stepsAsked reads from, limit and full of a request.
func stepsAsked(r *http.Request) (asked stepRange, err error) {
	q := r.URL.Query()
	asked = stepRange{limit: defaultSteps, full: q.Get("full") == "1"}
	if asked.full {
		asked.limit = maxRunSteps
	}
	for name, into := range map[string]*int{"from": &asked.from, "limit": &asked.limit} {
		text := q.Get(name)
		if text == "" {
			continue
		}
		if *into, err = strconv.Atoi(text); err != nil || *into < 0 || *into > maxRunSteps {
			return asked, badParameter(name, text)
		}
	}
	return asked, nil
}

// getRun gives one run with its steps (GET /api/runs/:id): up to limit steps
// (1,000) from the one with the number from (0) on. next, if present, is the from
// that gives the following ones. Long values are cut for display, and a step says
// so; full=1 gives all steps and whole values.
func (s *Server) getRun(w http.ResponseWriter, r *http.Request) error {
	asked, err := stepsAsked(r)
	if err != nil {
		return err
	}
	run, records, err := s.cfg.Store.Run(r.Context(), r.PathValue("id"))
	if errors.Is(err, store.ErrNotFound) {
		return notFound("run " + r.PathValue("id"))
	}
	if err != nil {
		return err
	}
	past, err := history.Read(records)
	if err != nil {
		return err
	}
	out := struct {
		runView
		Count int        `json:"stepCount"`
		Steps []stepView `json:"steps"`
		Next  int        `json:"next,omitempty"`
	}{runView: viewOf(run), Count: len(past.Steps), Steps: []stepView{}}
	out.Parent = past.Parent
	name, show := s.cfg.Engine.Names(run.Revision), newShortener(asked.full)
	for _, step := range past.Steps[min(asked.from, len(past.Steps)):] {
		if step == nil {
			continue
		}
		if len(out.Steps) == asked.limit {
			out.Next = step.Seq
			break
		}
		v := show.step(step)
		v.NodeName, v.Type = name(step.Node)
		out.Steps = append(out.Steps, v)
	}
	return reply(w, http.StatusOK, out)
}

func (c *shortener) step(s *machine.Step) stepView {
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
	c.cut = false
	if s.Input != nil {
		v.Input = &message.JSON{Value: c.short(s.Input)}
	}
	for _, o := range s.Outputs {
		for len(v.Outputs) <= o.Port {
			v.Outputs = append(v.Outputs, []message.JSON{})
		}
		v.Outputs[o.Port] = append(v.Outputs[o.Port], message.JSON{Value: c.short(o.Msg)})
	}
	v.Cut = c.cut
	if s.Preview.Action != "" {
		v.Preview = &previewView{s.Preview.Action, s.Preview.Target, s.Preview.Detail}
	}
	return v
}
