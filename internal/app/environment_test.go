package app_test

import (
	"encoding/json"
	"fmt"
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

// TestHostsFromTheEnvironment: what doesn't make sense is refused at the start.
func TestHostsFromTheEnvironment(t *testing.T) {
	for _, c := range []struct {
		hosts, pages, proxies string
		ok                    bool
		want                  string
	}{
		{"", "", "", true, "{false []} []"},
		{"Toban.example.com.", " Trusted ", " 10.1.2.3/16, 192.0.2.7 2001:db8::1/48,", true, "{true []} [10.1.0.0/16 192.0.2.7/32 2001:db8::/48]"},
		{"toban.example.com", "Flows.example.com, hooks.example.com.", "::ffff:192.0.2.7", true, "{false [flows.example.com hooks.example.com]} [192.0.2.7/32]"},
		{"toban.example.com", "TOBAN.example.com", "", false, ""},
		{"", "https://flows.example.com", "", false, ""},
		{"", "", "0.0.0.0/0", false, ""},
		{"", "", "proxy.example.com", false, ""},
	} {
		env := map[string]string{"TOBAN_HOSTS": c.hosts, "TOBAN_FLOW_PAGES": c.pages, "TOBAN_PROXIES": c.proxies}
		o, err := app.FromEnv(func(name string) string { return env[name] })
		if got := fmt.Sprint(o.FlowPages, o.Proxies); (err == nil) != c.ok || c.ok && got != c.want {
			t.Errorf("%v gives %s, %v", env, got, err)
		}
		if err != nil && (locale.EN.Err(err) == "" || locale.JA.Err(err) == locale.EN.Err(err)) {
			t.Errorf("%v: %q", env, locale.EN.Err(err))
		}
	}
}
