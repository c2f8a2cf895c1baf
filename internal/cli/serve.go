package cli

import (
	"context"
	"fmt"
	"log/slog"
	"os"

	"toban/internal/app"
	"toban/internal/locale"
)

// serveCmd runs the server until Ctrl-C or SIGTERM.
type serveCmd struct {
	data
	Listen   string `help:"${listen}" env:"TOBAN_LISTEN" placeholder:"ADDR" default:"127.0.0.1:1880"`
	Store    string `help:"${store}" env:"TOBAN_STORE" placeholder:"URL"`
	Rehearse bool   `help:"${rehearse}"`
}

func (c serveCmd) Run(ctx context.Context, env Env) error {
	if c.Store != "" && c.Store != "sqlite" {
		return locale.Errorf("cli.store_unknown", "store", c.Store)
	}
	o, err := app.FromEnv(os.Getenv)
	if err != nil {
		return err
	}
	o.DataDir, o.Rehearse = c.Data, c.Rehearse
	o.Log = slog.New(slog.NewTextHandler(env.Stderr, nil))
	return app.Serve(ctx, o, c.Listen, func(a *app.App, addr string) {
		url := "http://" + reachable(addr)
		fmt.Fprintln(env.Stdout, env.Lang.Text("cli.listening", "url", url, "dir", c.Data))
		if c.Rehearse {
			fmt.Fprintln(env.Stdout, env.Lang.Text("cli.rehearsing"))
		}
		if o.Slack.BotToken == "" {
			fmt.Fprintln(env.Stdout, env.Lang.Text("cli.no_slack"))
		}
		if err := a.CheckOps(); err != nil {
			fmt.Fprintln(env.Stdout, env.Lang.Text("cli.warning", "what", env.Lang.Err(err)))
		}
		if token := a.SetupToken(); token != "" {
			fmt.Fprintln(env.Stdout, env.Lang.Text("cli.setup_link", "url", url+"/auth/setup?token="+token))
		}
	})
}
