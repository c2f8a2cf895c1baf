package cli

import (
	"context"
	"log/slog"
	"os"

	"toban/internal/demo"
	"toban/internal/locale"
)

// demoCmd runs everything simulated: in the browser, or with --auto in the
// terminal, where it fails unless the story ended as it should.
type demoCmd struct {
	Auto    bool   `help:"${demo_auto}"`
	Listen  string `help:"${demo_listen}" placeholder:"ADDR" default:"127.0.0.1:1880"`
	Verbose bool   `help:"${demo_verbose}"`
}

func (c demoCmd) Run(ctx context.Context, env Env) error {
	o := demo.Options{Auto: c.Auto, Listen: c.Listen, Out: env.Stdout, Log: slog.New(slog.DiscardHandler)}
	if c.Verbose {
		o.Log = slog.New(slog.NewTextHandler(env.Stderr, nil))
	}
	if c.Auto {
		o.Lang = env.Lang
	} else if tag := os.Getenv("TOBAN_LANG"); tag != "" { // else each browser chooses
		o.Lang = locale.Parse(tag)
	}
	return demo.Run(ctx, o)
}
