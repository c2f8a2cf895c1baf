package slack

import (
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"

	"toban/internal/locale"
	sim "toban/internal/sim/slack"
)

func examine(t *testing.T, cfg Config, setup func(*sim.Workspace), channels ...string) map[string]error {
	t.Helper()
	w := sim.New(sim.Config{Channels: []sim.Channel{
		{ID: "C0GENERAL", Name: "general"}, {ID: "C0OUTSIDE", Name: "outside", Outside: true},
		{ID: "C0OLDOLD", Name: "old", Archived: true}, {ID: "G0SECRET", Name: "secret", Private: true, Outside: true},
	}})
	if setup != nil {
		setup(w)
	}
	srv := httptest.NewServer(w)
	t.Cleanup(srv.Close)
	t.Cleanup(w.Cut)
	cfg.APIURL = srv.URL + "/api/"
	found := map[string]error{}
	h := NewHub(cfg, slog.New(slog.DiscardHandler))
	for _, f := range h.Doctor(t.Context(), map[string][]string{"": channels}) {
		found[f.Text(locale.EN)] = f.Err
		if f.Err == nil && f.Warning {
			t.Errorf("a warning about nothing: %+v", f)
		}
	}
	return found
}

func TestDoctorHealthy(t *testing.T) {
	found := examine(t, Config{BotToken: sim.DefaultBotToken, AppToken: sim.DefaultAppToken, OpsChannel: "general"}, nil, "general", "#outside")
	for check, err := range found {
		if err != nil {
			t.Errorf("%s: %v", check, err)
		}
	}
	for _, want := range []string{"Slack bot token Sim (@toban)", "Slack Socket Mode", "Slack scope users:read", "Slack channel #general", "Slack channel #outside"} {
		if _, looked := found[want]; !looked {
			t.Errorf("nobody looked at %s: %v", want, found)
		}
	}
}

func TestDoctorMends(t *testing.T) {
	good := Config{BotToken: sim.DefaultBotToken, AppToken: sim.DefaultAppToken}
	cases := []struct {
		name     string
		cfg      Config
		setup    func(*sim.Workspace)
		check    string
		key      string
		channels []string
	}{
		{"no token", Config{}, nil, "Slack bot token ", "slack.no_default", nil},
		{"wrong token", Config{BotToken: "xoxb-no", AppToken: "xapp-no"}, nil, "Slack bot token ", "slack.invalid_auth", nil},
		{"wrong app token", Config{BotToken: sim.DefaultBotToken, AppToken: "xapp-no"}, nil, "Slack Socket Mode", "slack.invalid_auth", nil},
		{"no way in", Config{BotToken: sim.DefaultBotToken}, nil, "Slack interactivity over HTTP", "slack.no_way_in", nil},
		{"scope", good, func(w *sim.Workspace) { w.SetScopes("channels:read", "users:read") }, "Slack scope chat:write", "slack.missing_scope", nil},
		{"no such channel", good, nil, "Slack channel #nowhere", "slack.channel_not_found", []string{"nowhere"}},
		{"private channel", good, nil, "Slack channel #secret", "slack.channel_not_found", []string{"#secret"}},
		{"archived channel", good, nil, "Slack channel #old", "slack.is_archived", []string{"old"}},
		{"not invited", good, func(w *sim.Workspace) { w.SetScopes("chat:write", "channels:read", "users:read") }, "Slack channel #outside", "slack.not_in_channel", []string{"outside"}},
		{"no ops channel", good, nil, "Slack ops channel", "slack.no_ops_channel", nil},
		{"too many sockets", good, func(w *sim.Workspace) {
			w.Fail(sim.Fault{Method: "apps.connections.open", Error: "too_many_websockets"})
		}, "Slack Socket Mode", "slack.too_many_websockets", nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			err := examine(t, c.cfg, c.setup, c.channels...)[c.check]
			if !locale.HasKey(err, c.key) {
				t.Errorf("%s: got %v, want %s", c.check, err, c.key)
			}
		})
	}
}

// Every text is there in both languages and has the same places.
func TestTexts(t *testing.T) {
	for _, key := range locale.Known() {
		if !strings.HasPrefix(key, "slack.") {
			continue
		}
		en, ja := locale.EN.Text(key), locale.JA.Text(key)
		if en == "" || ja == "" || strings.Count(en, "{") != strings.Count(ja, "{") {
			t.Errorf("%s: %q / %q", key, en, ja)
		}
	}
}
