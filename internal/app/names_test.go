package app_test

import (
	"strings"
	"testing"

	"toban/internal/app"
	"toban/internal/locale"
)

// Problems speak of nodes by their names and of fields by the form's labels:
// nobody knows a node by its id, and no form has a field userid.
func TestProblemsSpeakOfNamesAndLabels(t *testing.T) {
	const file = `[{"id":"t","type":"tab","label":"x"},
		{"id":"fd7512e2.f22ec","type":"connection","z":"","name":"util server","host":"util.example.com","username":"ops"},
		{"id":"aa.1","type":"slack-connection","z":"","name":"our workspace"},
		{"id":"stop","type":"command","z":"t","connectionconfig":"fd7512e2.f22ec","command":"true","x":1,"y":1,"wires":[]},
		{"id":"tell","type":"slack-say","z":"t","slack":"aa.1","channel":"general","msg":"hi","x":1,"y":1,"wires":[]},
		{"id":"mail","type":"e-mail in","z":"t","server":"imap.example.com","port":"993","useSSL":true,"x":1,"y":1,"wires":[]}]`
	for lang, want := range map[locale.Lang]map[string]string{
		locale.EN: {"stop": "the connection “util server”", "tell": "the Slack connection “our workspace”", "mail": "“User ID” is missing"},
		locale.JA: {"stop": "SSH 接続「util server」", "tell": "Slack 接続「our workspace」", "mail": "「ユーザー ID」"},
	} {
		a, err := app.New(t.Context(), app.Options{DataDir: t.TempDir(), AdminPassword: "secret", Lang: lang})
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = a.Stop(t.Context()) }()
		_, problems, _ := deploy(t, a, file)
		said := map[string]string{}
		for _, p := range problems {
			said[p.Node] += p.Message + "\n"
		}
		for node, text := range want {
			if !strings.Contains(said[node], text) || strings.Contains(said[node], "f22ec") || strings.Contains(said[node], "userid") {
				t.Errorf("%s: %q doesn't say %q", node, said[node], text)
			}
		}
	}
}
