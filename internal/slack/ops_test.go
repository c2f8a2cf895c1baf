package slack

import (
	"log/slog"
	"testing"

	"toban/internal/locale"
	sim "toban/internal/sim/slack"
)

func TestCheckOps(t *testing.T) {
	def := Config{BotToken: sim.DefaultBotToken, AppToken: sim.DefaultAppToken}
	withOps := def
	withOps.OpsChannel = "ops"
	for name, tc := range map[string]struct {
		def     Config
		flows   *Config
		missing string
	}{
		"no Slack":                             {},
		"an ops channel":                       {def: withOps},
		"an ops channel, and a flow's own":     {def: withOps, flows: &def},
		"no ops channel":                       {def: def, missing: "slack.no_ops_channel"},
		"no ops channel but a flow's own":      {def: def, flows: &withOps, missing: "slack.no_ops_channel"},
		"only a flow's own, with its channel":  {flows: &withOps, missing: "slack.no_ops_connection"},
		"only a flow's own, without a channel": {flows: &def, missing: "slack.no_ops_connection"},
	} {
		h := NewHub(tc.def, slog.New(slog.DiscardHandler))
		if tc.flows != nil {
			h.Connect("c1", *tc.flows)
		}
		switch err := h.CheckOps(); {
		case tc.missing == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case tc.missing != "" && !locale.HasKey(err, tc.missing):
			t.Errorf("%s: got %v, want %s", name, err, tc.missing)
		}
	}
}
