package slackconnection

import (
	"log/slog"
	"net/http/httptest"
	"testing"

	"toban/internal/locale"
	"toban/internal/message"
	"toban/internal/node"
	"toban/internal/node/nodetest"
	sim "toban/internal/sim/slack"
	"toban/internal/slack"
)

func connect(t *testing.T, props *message.Object, credentials map[string]string, setup func(*sim.Workspace)) (*slack.Hub, *nodetest.Harness) {
	t.Helper()
	w := sim.New(sim.Config{})
	if setup != nil {
		setup(w)
	}
	srv := httptest.NewServer(w)
	t.Cleanup(srv.Close)
	hub := slack.NewHub(slack.Config{APIURL: srv.URL + "/api/"}, slog.New(slog.DiscardHandler))
	typ := nodetest.Registered(t, "slack-connection", func(r *node.Registry) { Register(r, hub) })
	return hub, nodetest.New(t, typ, props, func(e *nodetest.Env) { e.Credentials = credentials })
}

var good = map[string]string{"botToken": sim.DefaultBotToken, "appToken": sim.DefaultAppToken, "signingSecret": sim.DefaultSigningSecret}

func TestConnection(t *testing.T) {
	hub, h := connect(t, message.NewObject("id", "c1", "opsChannel", " ops ", "lang", "ja", "tz", "Asia/Tokyo"), good, nil)
	if h.Err != nil {
		t.Fatal(h.Err)
	}
	if hub.OpsChannel("c1") != "ops" || hub.Check("c1", true) != nil {
		t.Error("the hub does not serve it")
	}
	c := h.Node.(*Connection)
	if err := c.Close(false); err != nil || hub.Check("c1", true) != nil {
		t.Error("a restart must keep the connection")
	}
	if err := c.Close(true); err != nil || !locale.HasKey(hub.Check("c1", true), "slack.no_connection") {
		t.Error("a deleted connection must end")
	}
}

func TestRefusedAtDeploy(t *testing.T) {
	cases := []struct {
		name, key   string
		props       *message.Object
		credentials map[string]string
		setup       func(*sim.Workspace)
	}{
		{"no token", "slack.no_bot_token", message.NewObject(), nil, nil},
		{"swapped tokens", "slack.bot_token_kind", message.NewObject(), map[string]string{"botToken": "xapp-1", "appToken": "xoxb-1"}, nil},
		{"wrong token", "slack.invalid_auth", message.NewObject(), map[string]string{"botToken": "xoxb-wrong"}, nil},
		{"removed app", "slack.account_inactive", message.NewObject(), good, func(w *sim.Workspace) { w.Revoke("account_inactive") }},
		{"time zone", "slack-connection.zone", message.NewObject("tz", "Mars/Olympus"), good, nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if _, h := connect(t, c.props, c.credentials, c.setup); !locale.HasKey(h.Err, c.key) {
				t.Errorf("got %v, want %s", h.Err, c.key)
			}
		})
	}
}

func TestSlackAwayAtDeploy(t *testing.T) {
	hub, h := connect(t, message.NewObject("id", "c1"), good, func(w *sim.Workspace) {
		w.Fail(sim.Fault{Method: "auth.test", Times: 10, Status: 503})
	})
	if h.Err != nil || hub.Check("c1", true) != nil {
		t.Errorf("a Slack that is away must not stop a deploy: %v", h.Err)
	}
	if len(h.Env.Logs) != 1 {
		t.Errorf("logs %v", h.Env.Logs)
	}
}
