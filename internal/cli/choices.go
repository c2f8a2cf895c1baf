package cli

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// choicesCmd lists the nodes that wait for a decision about themselves, such as
// a mailbox with many unread mails, or decides for one.
type choicesCmd struct {
	server
	Node   string `arg:"" optional:"" help:"${choices_node}" placeholder:"NODE"`
	Option string `arg:"" optional:"" help:"${choices_option}" placeholder:"OPTION"`
}

func (c choicesCmd) Run(ctx context.Context, env Env) error {
	api, err := c.connect(ctx)
	if err != nil {
		return err
	}
	if c.Node == "" || c.Option == "" {
		return c.list(ctx, api, env)
	}
	body, err := json.Marshal(map[string]string{"option": c.Option})
	if err != nil {
		return err
	}
	path := "/api/choices/" + url.PathEscape(c.Node)
	if err := api.do(ctx, http.MethodPost, path, strings.NewReader(string(body)), "application/json", nil); err != nil {
		return err
	}
	fmt.Fprintln(env.Stdout, env.Lang.Text("cli.chosen", "node", c.Node, "option", c.Option))
	return nil
}

func (c choicesCmd) list(ctx context.Context, api *client, env Env) error {
	var answer struct {
		Choices []struct {
			Node, Name, Tab, Question string
			Options                   []struct{ Name, Label, Means string }
		}
	}
	if err := api.get(ctx, "/api/choices", &answer); err != nil {
		return err
	}
	if len(answer.Choices) == 0 {
		fmt.Fprintln(env.Stdout, env.Lang.Text("cli.no_choices"))
	}
	for _, choice := range answer.Choices {
		fmt.Fprintln(env.Stdout, env.Lang.Text("cli.choice", "node", cmp.Or(choice.Name, choice.Node), "tab", cmp.Or(choice.Tab, "–"), "question", choice.Question))
		for _, o := range choice.Options {
			fmt.Fprintf(env.Stdout, "  toban choices %s %s\n      %s\n", choice.Node, o.Name, o.Label)
			if o.Means != "" {
				fmt.Fprintln(env.Stdout, "      "+o.Means)
			}
		}
	}
	return nil
}
