package cli

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// runsRehearseCmd sends the event of an earlier run through the flow again, as a rehearsal.
type runsRehearseCmd struct {
	server
	ID string `arg:"" help:"${runs_id}" placeholder:"RUN"`
}

func (c runsRehearseCmd) Run(ctx context.Context, env Env) error {
	api, err := c.connect(ctx)
	if err != nil {
		return err
	}
	var answer struct{ Run string }
	path := "/api/runs/" + url.PathEscape(c.ID) + "/rehearse"
	if err := api.do(ctx, http.MethodPost, path, strings.NewReader("{}"), "application/json", &answer); err != nil {
		return err
	}
	fmt.Fprintln(env.Stdout, env.Lang.Text("cli.rehearsed", "run", answer.Run))
	return nil
}
