package cli

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"time"
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
	printRuns(env, answer.Runs)
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

func printRuns(env Env, runs []run) {
	if len(runs) == 0 {
		fmt.Fprintln(env.Stdout, env.Lang.Text("cli.no_runs"))
		return
	}
	row(env.Stdout, env.Lang.Text("cli.column_run"), env.Lang.Text("cli.column_started"),
		env.Lang.Text("cli.column_status"), env.Lang.Text("cli.column_what"))
	for _, r := range runs {
		row(env.Stdout, r.ID, r.StartedAt.Local().Format("01-02 15:04"), r.Status, r.what())
	}
}

// row prints one line of the table.
func row(w io.Writer, id, started, status, what string) {
	left := lineWidth - idColumns - timeColumns - statusColumns - 6
	fmt.Fprintf(w, "%s  %s  %s  %s\n", pad(id, idColumns), pad(started, timeColumns), pad(status, statusColumns), clip(what, left))
}

// what says in one line what a run is about, and what it waits for or why it failed.
func (r run) what() string {
	text := r.Title
	if text == "" {
		text = r.FlowName
	}
	if text == "" {
		text = r.Flow
	}
	switch {
	case r.Waiting != "":
		return text + " – " + r.Waiting
	case r.Error != "":
		return text + " – " + r.Error
	default:
		return text
	}
}
