package cli

import (
	"context"
	"fmt"
	"net/url"
)

// runsCancelCmd ends a run. An effect that has started is not undone.
type runsCancelCmd struct {
	server
	ID string `arg:"" help:"${runs_id}" placeholder:"RUN"`
}

func (c runsCancelCmd) Run(ctx context.Context, env Env) error {
	api, err := c.connect(ctx)
	if err != nil {
		return err
	}
	if err := api.post(ctx, "/api/runs/"+url.PathEscape(c.ID)+"/cancel"); err != nil {
		return err
	}
	fmt.Fprintln(env.Stdout, env.Lang.Text("cli.cancelled", "run", c.ID))
	return nil
}
