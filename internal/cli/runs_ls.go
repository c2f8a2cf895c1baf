package cli

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"time"

	"toban/internal/locale"
)

// runsLsCmd lists runs, newest first.
type runsLsCmd struct {
	server
	Status string `help:"${runs_status}" enum:",running,waiting,done,failed,cancelled" default:"" placeholder:"STATUS"`
	Flow   string `help:"${runs_flow}" placeholder:"ID"`
	Text   string `help:"${runs_text}" placeholder:"TEXT"`
	Limit  int    `help:"${runs_limit}" default:"20" placeholder:"N"`
	JSON   bool   `name:"json" help:"${json}"`
}

// run is one run as the API gives it.
type run struct {
	ID        string    `json:"id"`
	Status    string    `json:"status"`
	Flow      string    `json:"flow"`
	FlowName  string    `json:"flowName"`
	Title     string    `json:"title"`
	Waiting   string    `json:"waiting"`
	Error     string    `json:"error"`
	Rehearsal bool      `json:"rehearsal"`
	StartedAt time.Time `json:"startedAt"`
	EndedAt   time.Time `json:"endedAt"`
}

func (c runsLsCmd) Run(ctx context.Context, env Env) error {
	api, err := c.connect(ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		return api.copyTo(ctx, c.path(), env.Stdout)
	}
	var answer struct{ Runs []run }
	if err := api.get(ctx, c.path(), &answer); err != nil {
		return err
	}
	var questions []question
	if slices.ContainsFunc(answer.Runs, run.waits) {
		if questions, err = openQuestions(ctx, api, ""); err != nil {
			return err
		}
	}
	printRuns(env, answer.Runs, questions)
	return nil
}

func (c runsLsCmd) path() string {
	q := url.Values{"limit": {strconv.Itoa(c.Limit)}}
	for name, v := range map[string]string{"status": c.Status, "flow": c.Flow, "text": c.Text} {
		if v != "" {
			q.Set(name, v)
		}
	}
	return "/api/runs?" + q.Encode()
}

// The columns of the table; the title takes what is left of the line.
const (
	idColumns     = 24
	timeColumns   = 11
	statusColumns = 9
)

// printRuns prints a line for each run, and below it what the run waits for.
func printRuns(env Env, runs []run, questions []question) {
	if len(runs) == 0 {
		fmt.Fprintln(env.Stdout, env.Lang.Text("cli.no_runs"))
		return
	}
	row(env, env.Lang.Text("cli.column_run"), env.Lang.Text("cli.column_started"),
		env.Lang.Text("cli.column_status"), env.Lang.Text("cli.column_what"))
	for _, r := range runs {
		row(env, r.ID, r.StartedAt.Local().Format("01-02 15:04"), r.Status, r.mark(env.Lang)+r.what())
		for _, line := range r.waitsFor(env.Lang, questions, time.Now()) {
			fmt.Fprintln(env.Stdout, clip("    "+line, env.width()))
		}
	}
}

// row prints one line of the table.
func row(env Env, id, started, status, what string) {
	left := env.width() - idColumns - timeColumns - statusColumns - 6
	fmt.Fprintf(env.Stdout, "%s  %s  %s  %s\n", locale.Pad(id, idColumns), locale.Pad(started, timeColumns), locale.Pad(status, statusColumns), clip(what, left))
}

// mark tells a rehearsal from the real thing.
func (r run) mark(lang locale.Lang) string {
	if !r.Rehearsal {
		return ""
	}
	return lang.Text("cli.rehearsal_mark") + " "
}

// what says in one line what a run is about, and why it failed.
func (r run) what() string {
	text := r.Title
	if text == "" {
		text = r.FlowName
	}
	if text == "" {
		text = r.Flow
	}
	if r.Error != "" {
		return text + " – " + r.Error
	}
	return text
}
