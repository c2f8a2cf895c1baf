package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"toban/internal/locale"
)

// runsShowCmd shows one run with its steps.
type runsShowCmd struct {
	server
	ID   string `arg:"" help:"${runs_id}" placeholder:"RUN"`
	Full bool   `help:"${runs_full}"`
	JSON bool   `name:"json" help:"${json}"`
}

// step is one step as the API gives it.
type step struct {
	Seq        int             `json:"seq"`
	Node       string          `json:"node"`
	Name       string          `json:"nodeName"`
	Type       string          `json:"type"`
	Status     string          `json:"status"`
	StartedAt  time.Time       `json:"startedAt"`
	DurationMs float64         `json:"durationMs"`
	Input      json.RawMessage `json:"input"`
	Outputs    json.RawMessage `json:"outputs"`
	Error      string          `json:"error"`
	Note       string          `json:"note"`
}

func (c runsShowCmd) Run(ctx context.Context, env Env) error {
	api, err := c.connect(ctx)
	if err != nil {
		return err
	}
	path := "/api/runs/" + url.PathEscape(c.ID)
	if c.JSON {
		return api.copyTo(ctx, path+"?full=1", env.Stdout)
	}
	query := "?from="
	if c.Full {
		query = "?full=1&limit=1000&from="
	}
	for from, first := 0, true; first || from > 0; first = false {
		var answer struct {
			run
			Steps []step `json:"steps"`
			Next  int    `json:"next"`
		}
		if err := api.get(ctx, path+query+strconv.Itoa(from), &answer); err != nil {
			return err
		}
		if first {
			if err := printHead(ctx, env, api, answer.run); err != nil {
				return err
			}
		}
		for _, s := range answer.Steps {
			c.printStep(env, s)
		}
		from = answer.Next
	}
	return nil
}

// printHead prints what is known of the whole run.
func printHead(ctx context.Context, env Env, api *client, r run) error {
	var questions []question
	if r.waits() {
		var err error
		if questions, err = openQuestions(ctx, api, r.ID); err != nil {
			return err
		}
	}
	fact := func(key, value string) {
		if value != "" {
			fmt.Fprintf(env.Stdout, "%s  %s\n", locale.Pad(env.Lang.Text(key), 10), value)
		}
	}
	fact("cli.column_run", r.ID)
	fact("cli.column_what", r.Title)
	fact("cli.fact_flow", strings.TrimSpace(r.FlowName+" "+r.Flow))
	fact("cli.column_status", strings.TrimSpace(r.Status+" "+r.mark(env.Lang)))
	for _, line := range r.waitsFor(env.Lang, questions, time.Now()) {
		fact("cli.fact_waiting", line)
	}
	fact("cli.fact_error", r.Error)
	fact("cli.column_started", r.StartedAt.Local().Format(time.DateTime))
	if !r.EndedAt.IsZero() {
		fact("cli.fact_took", brief(env.Lang, r.EndedAt.Sub(r.StartedAt)))
	}
	fmt.Fprintln(env.Stdout)
	return nil
}

// The columns of a step's line before its name.
const (
	stepColumns = 11
	tookColumns = 13
	beforeName  = 4 + 2 + 8 + 2 + stepColumns + 2 + tookColumns + 2
)

// printStep prints a step in a line, and what it took and gave if asked for.
func (c runsShowCmd) printStep(env Env, s step) {
	name := s.Name
	if name == "" {
		name = s.Node
	}
	took := brief(env.Lang, time.Duration(s.DurationMs*float64(time.Millisecond)))
	fmt.Fprintf(env.Stdout, "%4d  %s  %s  %s  %s\n", s.Seq,
		s.StartedAt.Local().Format(time.TimeOnly), locale.Pad(s.Status, stepColumns), locale.Pad(took, tookColumns), clip(name+" ("+s.Type+")", env.width()-beforeName))
	for _, text := range []string{s.Error, s.Note} {
		for _, line := range wrap(text, env.width()-6) {
			if line != "" {
				fmt.Fprintln(env.Stdout, "      "+line)
			}
		}
	}
	if c.Full {
		printValue(env, "cli.step_input", s.Input)
		printValue(env, "cli.step_outputs", s.Outputs)
	}
}

func printValue(env Env, key string, raw json.RawMessage) {
	if len(raw) == 0 || string(raw) == "null" {
		return
	}
	var text strings.Builder
	enc := json.NewEncoder(&text)
	enc.SetIndent("        ", "  ")
	enc.SetEscapeHTML(false)
	if err := enc.Encode(raw); err != nil {
		return // it came as JSON, so it is JSON
	}
	fmt.Fprintf(env.Stdout, "      %s\n        %s", env.Lang.Text(key), text.String())
}
