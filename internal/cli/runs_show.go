package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"
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
			printHead(env, answer.run)
		}
		for _, s := range answer.Steps {
			c.printStep(env, s)
		}
		from = answer.Next
	}
	return nil
}

// printHead prints what is known of the whole run.
func printHead(env Env, r run) {
	fact := func(key, value string) {
		if value != "" {
			fmt.Fprintf(env.Stdout, "%s  %s\n", pad(env.Lang.Text(key), 10), value)
		}
	}
	fact("cli.column_run", r.ID)
	fact("cli.column_what", r.Title)
	fact("cli.fact_flow", strings.TrimSpace(r.FlowName+" "+r.Flow))
	fact("cli.column_status", r.Status)
	fact("cli.fact_waiting", r.Waiting)
	fact("cli.fact_error", r.Error)
	fact("cli.column_started", r.StartedAt.Local().Format(time.DateTime))
	if !r.EndedAt.IsZero() {
		fact("cli.fact_took", r.EndedAt.Sub(r.StartedAt).Round(time.Millisecond).String())
	}
	fmt.Fprintln(env.Stdout)
}

// printStep prints a step in a line, and what it took and gave if asked for.
func (c runsShowCmd) printStep(env Env, s step) {
	name := s.Name
	if name == "" {
		name = s.Node
	}
	took := time.Duration(s.DurationMs * float64(time.Millisecond)).Round(time.Microsecond)
	fmt.Fprintf(env.Stdout, "%4d  %s  %s  %s  %s\n", s.Seq,
		s.StartedAt.Local().Format(time.TimeOnly), pad(s.Status, 11), pad(took.String(), 9), clip(name+" ("+s.Type+")", 39))
	for _, text := range []string{s.Error, s.Note} {
		for _, line := range wrap(text, lineWidth-6) {
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
