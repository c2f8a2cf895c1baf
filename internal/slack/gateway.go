package slack

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	slackgo "github.com/slack-go/slack"

	"toban/internal/locale"
	"toban/internal/node"
)

// Config is what one connection to a workspace needs.
type Config struct {
	BotToken      string // xoxb-…: what we do
	AppToken      string // xapp-…: Socket Mode; "" without
	SigningSecret string // checks what comes in over HTTP; "" without
	APIURL        string // "" is Slack's own
	OpsChannel    string // for what has no channel of its own
	Lang          locale.Lang
	Zone          *time.Location
}

// FromEnv reads the default connection: SLACK_BOT_TOKEN, SLACK_APP_TOKEN,
// SLACK_SIGNING_SECRET, SLACK_API_URL and TOBAN_OPS_CHANNEL. ok is false where
// there is no bot token.
func FromEnv(getenv func(string) string) (c Config, ok bool) {
	c = Config{
		BotToken: getenv("SLACK_BOT_TOKEN"), AppToken: getenv("SLACK_APP_TOKEN"),
		SigningSecret: getenv("SLACK_SIGNING_SECRET"), APIURL: getenv("SLACK_API_URL"),
		OpsChannel: getenv("TOBAN_OPS_CHANNEL"),
	}
	return c, c.BotToken != ""
}

// Check finds what is wrong with the tokens without asking Slack.
func (c Config) Check() error {
	switch {
	case c.BotToken == "":
		return locale.Errorf("slack.no_bot_token")
	case strings.HasPrefix(c.BotToken, "xapp-"):
		return locale.Errorf("slack.bot_token_kind")
	case c.AppToken != "" && !strings.HasPrefix(c.AppToken, "xapp-"):
		return locale.Errorf("slack.app_token_kind")
	}
	return nil
}

// TakesAnswers says why clicks can't come in, nil if they can.
func (c Config) TakesAnswers() error {
	if c.AppToken == "" && c.SigningSecret == "" {
		return locale.Errorf("slack.no_way_in")
	}
	return nil
}

// Gateway serves one workspace connection. It is safe for concurrent use.
type Gateway struct {
	id       string
	cfg      Config
	api      *slackgo.Client
	endpoint string
	log      *slog.Logger
	answerer func() node.Answerer

	pause time.Duration // before the first new try
	grace time.Duration // how long a click may still take when the end has come
	pacer pacer

	mu       sync.Mutex
	self     *slackgo.AuthTestResponse // nil until Slack was asked
	scopes   string                    // as Slack gave them last
	channels map[string]string         // name -> id
	people   map[string]person
	names    nameBook
	seen     map[string]time.Time // clicks that were handled
	refs     map[string]string    // question -> where its card stands
	err      error                // why the connection doesn't work, nil if it does
}

// newGateway makes a gateway. answerer gives who takes the answers, nil while
// there is nobody.
func newGateway(id string, cfg Config, answerer func() node.Answerer, log *slog.Logger) *Gateway {
	g := &Gateway{
		id: id, cfg: cfg, answerer: answerer, log: log.With("connection", cmp.Or(id, "default")),
		endpoint: cmp.Or(cfg.APIURL, slackgo.APIURL), pause: firstPause, grace: lastGrace,
		pacer:    pacer{every: time.Second, burst: 5},
		channels: map[string]string{}, people: map[string]person{}, names: nameBook{map[string]chan struct{}{}, map[string]time.Time{}}, seen: map[string]time.Time{}, refs: map[string]string{},
	}
	if !strings.HasSuffix(g.endpoint, "/") {
		g.endpoint += "/"
	}
	g.api = slackgo.New(cfg.BotToken, slackgo.OptionAPIURL(g.endpoint), slackgo.OptionAppLevelToken(cfg.AppToken),
		slackgo.OptionHTTPClient(&http.Client{Timeout: callTimeout}),
		slackgo.OptionOnResponseHeaders(g.noteScopes))
	return g
}

// Config is the gateway's configuration.
func (g *Gateway) Config() Config { return g.cfg }

// Err is why the connection doesn't work, as far as is known now.
func (g *Gateway) Err() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.err
}

func (g *Gateway) setErr(err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.err = err
}

func (g *Gateway) noteScopes(_ string, h http.Header) {
	if scopes := h.Get("X-OAuth-Scopes"); scopes != "" {
		g.mu.Lock()
		defer g.mu.Unlock()
		g.scopes = scopes
	}
}

// Authenticate asks Slack who we are. The error is nil, or says what is wrong
// with the token, or that Slack can't be reached.
func (g *Gateway) Authenticate(ctx context.Context) error {
	_, err := g.whoami(ctx)
	return err
}

// whoami gives our own identity, asking Slack the first time.
func (g *Gateway) whoami(ctx context.Context) (*slackgo.AuthTestResponse, error) {
	g.mu.Lock()
	self := g.self
	g.mu.Unlock()
	if self != nil {
		return self, nil
	}
	err := g.call(ctx, true, func(ctx context.Context) (err error) {
		self, err = g.api.AuthTestContext(ctx)
		return err
	})
	if err != nil {
		err = explain(err, "")
		g.setErr(err)
		return nil, err
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.self, g.err = self, nil
	return self, nil
}

func (g *Gateway) lang() locale.Lang { return cmp.Or(g.cfg.Lang, locale.EN) }

func (g *Gateway) zone() *time.Location {
	if g.cfg.Zone == nil {
		return time.Local
	}
	return g.cfg.Zone
}
