package slack

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	slackgo "github.com/slack-go/slack"

	"toban/internal/locale"
	sim "toban/internal/sim/slack"
)

// The manifest has the fields that Slack documents, within their limits, and no others.
func TestManifest(t *testing.T) {
	for _, lang := range []locale.Lang{locale.EN, locale.JA} {
		var m slackgo.Manifest
		d := json.NewDecoder(strings.NewReader(Manifest(lang)))
		d.DisallowUnknownFields()
		if err := d.Decode(&m); err != nil {
			t.Fatal(err)
		}
		if n := utf8.RuneCountInString(m.Display.Name); n == 0 || n > 35 {
			t.Errorf("name of %d characters", n)
		}
		if n := utf8.RuneCountInString(m.Display.Description); n == 0 || n > 140 {
			t.Errorf("description of %d characters", n)
		}
		if !regexp.MustCompile(`^#[0-9a-f]{6}$`).MatchString(m.Display.BackgroundColor) {
			t.Errorf("colour %q", m.Display.BackgroundColor)
		}
		if !regexp.MustCompile(`^[a-z0-9._-]{1,80}$`).MatchString(m.Features.BotUser.DisplayName) {
			t.Errorf("bot name %q", m.Features.BotUser.DisplayName)
		}
		if !m.Settings.SocketModeEnabled || !m.Settings.Interactivity.IsEnabled || m.Settings.TokenRotationEnabled {
			t.Errorf("settings %+v", m.Settings)
		}
		if got := strings.Join(m.OAuthConfig.Scopes.Bot, " "); got != strings.Join(sim.DefaultScopes, " ") {
			t.Errorf("scopes %s: the simulated workspace grants others", got)
		}
	}
}
