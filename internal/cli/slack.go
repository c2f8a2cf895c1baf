package cli

import (
	"fmt"

	"toban/internal/slack"
)

// slackCmd groups what helps to set Slack up.
type slackCmd struct {
	Manifest slackManifestCmd `cmd:"" help:"${slack_manifest}"`
}

// slackManifestCmd prints the app manifest, and where to paste it on stderr, so
// that the manifest can be piped.
type slackManifestCmd struct{}

func (slackManifestCmd) Run(env Env) error {
	fmt.Fprint(env.Stdout, slack.Manifest(env.Lang))
	fmt.Fprintln(env.Stderr, env.Lang.Text("cli.slack_next"))
	return nil
}
