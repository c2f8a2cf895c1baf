package probe

import (
	"cmp"
	"context"
	_ "embed"
	"net"
	"strconv"

	"toban/internal/locale"
	"toban/internal/mailx"
	"toban/internal/nodes/connection"
	"toban/internal/nodes/emailin"
	"toban/internal/slack"
	"toban/internal/sshx"
)

//go:embed texts.json
var texts []byte

var _ = locale.Register(texts)

// Finding is one thing that was looked at.
type Finding struct {
	What    string // in the reader's language
	Err     error  // what is wrong and the mend; nil if it is well
	Warning bool   // worth mending, but nothing stops
}

// Check is one thing to look at.
type Check struct {
	What string
	Look func(ctx context.Context) error
}

// Mailbox makes the check of a mailbox, or says what its settings lack.
func Mailbox(lang locale.Lang, n *emailin.Node, credential func(name string) string) (Check, error) {
	cfg, err := n.Config(credential)
	what := lang.Text("probe.mailbox", "user", cfg.User, "server", cfg.Host, "folder", n.Box)
	return Check{what, func(ctx context.Context) error { return openMailbox(ctx, cfg, n.Box) }}, err
}

// openMailbox logs in and opens the folder so that nothing can be marked.
func openMailbox(ctx context.Context, cfg mailx.Config, folder string) error {
	c, err := mailx.Dial(ctx, cfg)
	if err != nil {
		return err
	}
	defer func() { _ = c.Close() }() // the answer is known
	_, err = c.Select(ctx, folder, true)
	return err
}

// Host makes the check of an SSH host. name is the node's.
func Host(lang locale.Lang, name string, c *connection.Connection, credential func(name string) string, dataDir string) Check {
	cfg := c.Config(name, credential, dataDir)
	what := lang.Text("probe.host", "user", cfg.User, "host", address(cfg))
	return Check{what, func(ctx context.Context) error { return logIn(ctx, cfg) }}
}

func address(c sshx.Config) string {
	if c.Port == 0 {
		return c.Host
	}
	return net.JoinHostPort(c.Host, strconv.Itoa(c.Port))
}

func logIn(ctx context.Context, cfg sshx.Config) error {
	c, err := sshx.New(cfg)
	if err != nil {
		return err
	}
	defer func() { _ = c.Close() }() // the answer is known
	return c.Check(ctx)
}

// workspace looks at a Slack connection.
func workspace(ctx context.Context, lang locale.Lang, cfg slack.Config, channels []string) []Finding {
	cfg.Lang = cmp.Or(cfg.Lang, lang)
	var all []Finding
	for _, f := range slack.Try(ctx, cfg, channels) {
		all = append(all, Finding{What: f.Text(lang), Err: f.Err, Warning: f.Warning})
	}
	return all
}
