package app_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"toban/internal/app"
	"toban/internal/locale"
	"toban/internal/sim/slack"
)

// Cards of the environment's Slack speak the server's language and tell its time.
func TestCardsInTheServersLanguage(t *testing.T) {
	workspace := slack.New(slack.Config{Channels: []slack.Channel{{ID: "C1", Name: "general"}}})
	web := httptest.NewServer(workspace)
	t.Cleanup(func() { web.CloseClientConnections(); web.Close() })
	env := map[string]string{
		"SLACK_BOT_TOKEN": slack.DefaultBotToken, "SLACK_APP_TOKEN": slack.DefaultAppToken, "SLACK_API_URL": web.URL + "/api/",
		"TOBAN_ADMIN_PASSWORD": "secret", "TOBAN_TZ": "Asia/Tokyo",
	}
	o, err := app.FromEnv(func(name string) string { return env[name] })
	if err != nil {
		t.Fatal(err)
	}
	o.DataDir, o.Lang = t.TempDir(), locale.JA
	a, err := app.New(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Stop(t.Context()) })
	deploy(t, a, `[{"id":"t","type":"tab","label":"T"},{"id":"in","type":"http in","z":"t","url":"/hook","method":"get","wires":[["out","ask"]]},
	 {"id":"out","type":"http response","z":"t","statusCode":"202","wires":[]},
	 {"id":"ask","type":"slack-ask","z":"t","slack":"","channel":"general","timeout":"30","timeoutUnits":"minutes","wires":[[]],
	  "msg":"{\"text\":\"go?\",\"attachments\":[{\"actions\":[{\"name\":\"answer\",\"text\":\"yes\",\"value\":\"yes\",\"type\":\"button\"}]}]}"}]`)
	w := httptest.NewRecorder()
	a.Handler().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://127.0.0.1/hook", nil))
	var card string
	until(t, "the card is posted", func() bool {
		for _, m := range workspace.Messages("general") {
			card = slack.PlainText(m)
		}
		return card != ""
	})
	if !strings.Contains(card, "回答期限 ") || !strings.Contains(card, "JST") {
		t.Errorf("the card says %q", card)
	}
}

// Without a token in the environment, its address still serves the flows' connections.
func TestSlackAddressWithoutToken(t *testing.T) {
	env := map[string]string{"SLACK_API_URL": "http://127.0.0.1:9/api/"}
	o, err := app.FromEnv(func(name string) string { return env[name] })
	if err != nil || o.Slack.APIURL != env["SLACK_API_URL"] {
		t.Errorf("%+v, %v", o.Slack, err)
	}
}
