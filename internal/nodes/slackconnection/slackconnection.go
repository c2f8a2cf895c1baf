package slackconnection

import (
	"context"
	_ "embed"
	"strings"
	"time"
	_ "time/tzdata" // Windows has no time zone files of its own

	"toban/internal/locale"
	"toban/internal/node"
	"toban/internal/slack"
)

//go:embed texts.json
var texts []byte

var _ = locale.Register(texts)

// Connection is one Slack workspace. Credentials: botToken (xoxb-…), appToken
// (xapp-…, for Socket Mode), signingSecret (for HTTP).
type Connection struct {
	OpsChannel string `flow:"opsChannel"` // for what has no channel of its own
	Lang       string `flow:"lang"`       // ja, en; "" is the server's
	Zone       string `flow:"tz"`         // IANA name; "" is the server's

	hub *slack.Hub
	id  string
}

// Register adds the type to a registry. Its connections are served by hub.
func Register(r *node.Registry, hub *slack.Hub) {
	r.Add(node.Type{
		Name: "slack-connection", Config: true,
		New: func() node.Node { return &Connection{hub: hub} },
		Credentials: []node.Credential{
			{Name: "botToken", Secret: true}, {Name: "appToken", Secret: true}, {Name: "signingSecret", Secret: true},
		},
	})
}

// askTimeout bounds the question to Slack whether a token is good, which a
// deploy waits for.
const askTimeout = 3 * time.Second

// Provision checks the configuration and begins to serve the connection. A token
// that Slack refuses is an error; a Slack that can't be reached is not: the
// connection comes up later.
func (c *Connection) Provision(env node.Env) error {
	cfg, err := c.Config(env.Credential, env.Lang(), env.Zone())
	if err != nil {
		return err
	}
	c.id = env.ID()
	gateway := c.hub.Connect(c.id, cfg)
	ctx, stop := context.WithTimeout(context.Background(), askTimeout)
	defer stop()
	switch err := gateway.Authenticate(ctx); {
	case slack.RefusedToken(err):
		c.hub.Disconnect(c.id)
		return err
	case err != nil:
		env.Log(node.Warn, err)
	}
	return nil
}

// Config is what the gateway needs of the connection with these credentials.
// lang and zone hold unless the connection has its own.
func (c *Connection) Config(credential func(name string) string, lang locale.Lang, zone *time.Location) (slack.Config, error) {
	cfg := slack.Config{
		BotToken: credential("botToken"), AppToken: credential("appToken"), SigningSecret: credential("signingSecret"),
		OpsChannel: strings.TrimSpace(c.OpsChannel), Lang: lang, Zone: zone,
	}
	if c.Lang != "" {
		cfg.Lang = locale.Parse(c.Lang)
	}
	if c.Zone != "" {
		zone, err := time.LoadLocation(c.Zone)
		if err != nil {
			return cfg, locale.Errorf("slack-connection.zone", "zone", c.Zone)
		}
		cfg.Zone = zone
	}
	return cfg, cfg.Check()
}

// Close ends the connection when the node was deleted. A restarted one keeps its
// socket; its next Provision decides.
func (c *Connection) Close(removed bool) error {
	if removed && c.id != "" {
		c.hub.Disconnect(c.id)
	}
	return nil
}

// SlackConnection is the id under which the hub serves the connection.
func (c *Connection) SlackConnection() string { return c.id }

var (
	_ node.Provisioner = (*Connection)(nil)
	_ node.Closer      = (*Connection)(nil)
	_ slack.Connection = (*Connection)(nil)
)
