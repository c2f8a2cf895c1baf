package app_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"toban/internal/app"
	"toban/internal/locale"
)

// TestFlowsDontSeeTheServersSecrets: neither a function nor a ${NAME} in a property
// gives the admin's password or a token; other variables they do see.
func TestFlowsDontSeeTheServersSecrets(t *testing.T) {
	const secret, mark = "never-to-be-shown", "may-be-shown"
	names := []string{"TOBAN_ADMIN_PASSWORD", "TOBAN_CREDENTIAL_SECRET", "TOBAN_TOKEN", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"}
	for _, name := range names {
		t.Setenv(name, secret)
	}
	t.Setenv("RUNBOOK_MARK", mark)
	a, err := app.New(t.Context(), app.Options{DataDir: t.TempDir(), AdminPassword: secret, Lang: locale.EN})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Stop(t.Context()) })
	names = append(names, "RUNBOOK_MARK")
	list, err := json.Marshal(names)
	if err != nil {
		t.Fatal(err)
	}
	var rules []map[string]string
	for _, name := range names {
		rules = append(rules, map[string]string{"t": "set", "p": "payload[" + strconv.Itoa(len(names)+len(rules)) + "]", "to": "${" + name + "}", "tot": "str"})
	}
	changes, err := json.Marshal(rules)
	if err != nil {
		t.Fatal(err)
	}
	file := `[{"id":"t","type":"tab"},
		{"id":"h","type":"http in","z":"t","url":"/look","method":"get","wires":[["f"]]},
		{"id":"f","type":"function","z":"t","func":` + quoted(t, "msg.payload = "+string(list)+".map((n) => env.get(n)); return msg") + `,"wires":[["c"]]},
		{"id":"c","type":"change","z":"t","rules":` + string(changes) + `,"wires":[["r"]]},
		{"id":"r","type":"http response","z":"t"}]`
	if status, problems, message := deploy(t, a, file); status != http.StatusOK || len(problems) > 0 {
		t.Fatal(status, problems, message)
	}
	w := httptest.NewRecorder()
	a.Handler().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://127.0.0.1/look", nil))
	if got := w.Body.String(); strings.Contains(got, secret) || strings.Count(got, mark) != 2 {
		t.Errorf("%d %s", w.Code, got)
	}
}

func quoted(t *testing.T, s string) string {
	t.Helper()
	text, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
