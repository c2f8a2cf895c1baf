package server_test

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"toban/internal/app"
	"toban/internal/locale"
)

const password = "correct horse"

// site is a whole server behind a real listener.
type site struct {
	t     *testing.T
	app   *app.App
	url   string
	token string
	lang  string
}

func newSite(t *testing.T, edit ...func(*app.Options)) *site {
	t.Helper()
	o := app.Options{DataDir: t.TempDir(), AdminPassword: password, Lang: locale.EN, Log: slog.New(slog.DiscardHandler)}
	for _, e := range edit {
		e(&o)
	}
	a, err := app.New(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(a.Handler())
	t.Cleanup(func() {
		web.Close()
		if err := a.Stop(t.Context()); err != nil {
			t.Error(err)
		}
	})
	return &site{t: t, app: a, url: web.URL, token: a.Token(), lang: "en"}
}

// send sends a request; headers are pairs of name and value.
func (s *site) send(method, path, body string, headers ...string) (*http.Response, string) {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), method, s.url+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Accept-Language", s.lang)
	if s.token != "" {
		req.Header.Set("Authorization", "Bearer "+s.token)
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
		if headers[i] == "Host" {
			req.Host = headers[i+1]
		}
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	return resp, read(s.t, resp)
}

func read(t *testing.T, resp *http.Response) string {
	t.Helper()
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// want sends a request and checks its status.
func (s *site) want(status int, method, path, body string, headers ...string) string {
	s.t.Helper()
	resp, got := s.send(method, path, body, headers...)
	if resp.StatusCode != status {
		s.t.Fatalf("%s %s: %d %s, want %d", method, path, resp.StatusCode, got, status)
	}
	return got
}

func decode[T any](t *testing.T, text string) (v T) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return v
}

var v2 = []string{"Node-RED-API-Version", "v2"}

// demoFlow answers GET /hook with the run's payload, and has a debug and an inject node.
const demoFlow = `[
	{"id":"tab1","type":"tab","label":"Demo"},
	{"id":"in1","type":"inject","z":"tab1","name":"go","props":[{"p":"payload"}],"payload":"hi","payloadType":"str","wires":[["dbg1"]]},
	{"id":"dbg1","type":"debug","z":"tab1","name":"see","active":true,"complete":"payload","wires":[]},
	{"id":"web1","type":"http in","z":"tab1","url":"/hook/:name","method":"get","wires":[["tpl1"]]},
	{"id":"tpl1","type":"template","z":"tab1","field":"payload","template":"hello {{req.params.name}}","wires":[["res1"]]},
	{"id":"res1","type":"http response","z":"tab1","wires":[]}
]`

// TestFlowsVersions: version 1 and 2 of the admin API, and what they refuse.
func TestFlowsVersions(t *testing.T) {
	s := newSite(t)
	if got := s.want(200, "GET", "/flows", ""); got != "[]" {
		t.Errorf("a new server's flows: %s", got)
	}
	s.want(204, "POST", "/flows", demoFlow)
	type answer struct {
		Flows    []map[string]any
		Rev      string
		Problems []struct{ Node, Message string }
	}
	first := decode[answer](t, s.want(200, "GET", "/flows", "", v2...))
	if len(first.Flows) != 6 || len(first.Rev) != 64 {
		t.Fatalf("deployed: %+v", first)
	}
	body := func(rev, flows string) string { return `{"flows":` + flows + `,"rev":"` + rev + `"}` }
	second := decode[answer](t, s.want(200, "POST", "/flows", body(first.Rev, `[{"id":"x","type":"nobody knows","z":"t"}]`), v2...))
	if second.Rev == first.Rev || len(second.Problems) == 0 || second.Problems[0].Message == "" {
		t.Errorf("a deploy with a problem: %+v", second)
	}
	stale := s.want(409, "POST", "/flows", body(first.Rev, "[]"), v2...)
	if !strings.Contains(stale, "version_mismatch") {
		t.Errorf("stale: %s", stale)
	}
	if got := s.want(400, "GET", "/flows", "", "Node-RED-API-Version", "v9"); !strings.Contains(got, "invalid_api_version") {
		t.Errorf("version 9: %s", got)
	}
	if got := s.want(400, "POST", "/flows", "[\n  {\"id\":\"a\",}\n]"); !strings.Contains(got, "line 2") {
		t.Errorf("no JSON: %s", got)
	}
	s.want(200, "POST", "/flows", "", append(v2, "Node-RED-Deployment-Type", "reload")...)
	if got := decode[answer](t, s.want(200, "GET", "/flows", "", v2...)); got.Rev != second.Rev {
		t.Errorf("a reload changed the flows: %+v", got)
	}
}

// TestSecretsStay: credentials go in and never come out.
func TestSecretsStay(t *testing.T) {
	s := newSite(t)
	const secret = "s3cr3t-value"
	file := `[{"id":"c1","type":"connection","host":"h","credentials":{"password":"` + secret + `"}}]`
	s.want(200, "POST", "/flows", `{"flows":`+file+`}`, v2...)
	for _, path := range []string{"/flows", "/credentials/connection/c1", "/api/problems", "/settings"} {
		if got := s.want(200, "GET", path, ""); strings.Contains(got, secret) {
			t.Errorf("%s gives the secret: %s", path, got)
		}
	}
	if got := s.want(200, "GET", "/credentials/connection/c1", ""); !strings.Contains(got, `"has_password":true`) {
		t.Errorf("credentials: %s", got)
	}
	file = `[{"id":"m1","type":"e-mail in","z":"t","credentials":{"userid":"demo","password":"` + secret + `"}}]`
	s.want(200, "POST", "/flows", `{"flows":`+file+`}`, v2...)
	if got := s.want(200, "GET", "/credentials/e-mail-in/m1", ""); got != `{"userid":"demo","has_password":true}` {
		t.Errorf("a mailbox's: %s", got)
	}
	if got := s.want(200, "GET", "/credentials/debug/m1", ""); strings.Contains(got, secret) {
		t.Errorf("as another type's: %s", got)
	}
	if got := s.want(200, "GET", "/credentials/e-mail-in/nobody", ""); got != `{"userid":"","has_password":false}` {
		t.Errorf("of a new node: %s", got)
	}
}

// TestRunOverHTTP: an http in node answers, and its run can be read.
func TestRunOverHTTP(t *testing.T) {
	s := newSite(t)
	s.want(204, "POST", "/flows", demoFlow)
	token := s.token
	s.token = ""
	if got := s.want(200, "GET", "/hook/world", ""); got != "hello world" {
		t.Errorf("http in without signing in: %q", got)
	}
	s.token = token
	s.want(404, "GET", "/elsewhere", "")
	s.want(200, "POST", "/inject/in1", "")
	s.want(404, "POST", "/inject/nobody", "")
	s.want(201, "POST", "/debug/dbg1/disable", "")
	s.want(200, "POST", "/debug/dbg1/enable", "")
	s.want(404, "POST", "/debug/in1/enable", "")

	type runs struct {
		Runs []struct{ ID, Status, Flow, StartedAt string }
		Next string
	}
	var list runs
	for range 100 { // the history of a run without effect is written a little later
		if list = decode[runs](t, s.want(200, "GET", "/api/runs?limit=1", "")); list.Next != "" {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	if len(list.Runs) != 1 || list.Runs[0].Flow != "tab1" || list.Next != list.Runs[0].ID {
		t.Fatalf("runs: %+v", list)
	}
	page := decode[runs](t, s.want(200, "GET", "/api/runs?before="+list.Next, ""))
	if len(page.Runs) != 1 || page.Runs[0].ID == list.Runs[0].ID || page.Next != "" {
		t.Errorf("second page: %+v", page)
	}
	run := s.want(200, "GET", "/api/runs/"+list.Runs[0].ID, "")
	for _, part := range []string{`"node":"dbg1"`, `"nodeName":"see"`, `"type":"debug"`, `"payload":"hi"`, `"status":"done"`} {
		if !strings.Contains(run, part) {
			t.Errorf("run lacks %s: %s", part, run)
		}
	}
	s.want(404, "GET", "/api/runs/nobody", "")
	s.want(404, "POST", "/api/runs/nobody/cancel", "{}")
	s.want(400, "GET", "/api/runs?limit=x", "")
	s.want(400, "GET", "/api/runs?since=yesterday", "")
}

// TestReservedPath: a flow can't take a path of ours; the deploy says so.
func TestReservedPath(t *testing.T) {
	s := newSite(t)
	for _, path := range []string{"/flows", "/API/runs", "metrics/", "/slack/interactive"} {
		file := `[{"id":"w","type":"http in","z":"t","url":"` + path + `","method":"post","wires":[[]]}]`
		got := s.want(200, "POST", "/flows", `{"flows":`+file+`}`, v2...)
		if !strings.Contains(got, `"node":"w"`) || !strings.Contains(strings.ToLower(got), strings.ToLower(strings.Trim(path, "/"))) {
			t.Errorf("%s: %s", path, got)
		}
	}
}

func form(pairs ...string) string {
	v := url.Values{"client_id": {"node-red-admin"}, "grant_type": {"password"}, "username": {"admin"}, "password": {password}}
	for i := 0; i < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	return v.Encode()
}

var formType = []string{"Content-Type", "application/x-www-form-urlencoded"}

// TestSignIn: a token for the password, gone when it is revoked; guesses are slowed.
func TestSignIn(t *testing.T) {
	s := newSite(t)
	s.token = ""
	s.want(200, "GET", "/auth/login", "")
	got := decode[struct {
		Token string `json:"access_token"`
		Type  string `json:"token_type"`
	}](t, s.want(200, "POST", "/auth/token", form(), formType...))
	if len(got.Token) != 64 || got.Type != "Bearer" {
		t.Fatalf("sign-in: %+v", got)
	}
	s.token = got.Token
	s.want(200, "GET", "/settings", "")
	s.want(200, "POST", "/auth/revoke", "token="+got.Token, formType...)
	s.want(401, "GET", "/settings", "")
	s.want(401, "POST", "/auth/token", form("client_id", "evil"), formType...)
	s.want(400, "POST", "/auth/token", form("grant_type", "magic"), formType...)
	for range 5 {
		s.want(403, "POST", "/auth/token", form("password", "wrong"), formType...)
	}
	resp, _ := s.send("POST", "/auth/token", form(), formType...) // even the right one has to wait now
	if resp.StatusCode != http.StatusTooManyRequests || resp.Header.Get("Retry-After") == "" {
		t.Errorf("sixth guess: %d, Retry-After %q", resp.StatusCode, resp.Header.Get("Retry-After"))
	}
}

// TestForeignSites: requests that another site's page makes a browser send, a
// rebound name, bodies that are too large or too deep, and tricks with paths.
func TestForeignSites(t *testing.T) {
	s := newSite(t)
	for _, c := range []struct {
		name, method, path, body string
		headers                  []string
		want                     int
	}{
		{"another origin", "POST", "/flows", "[]", []string{"Origin", "https://evil.example"}, 403},
		{"cross-site fetch", "POST", "/inject/in1", "", []string{"Sec-Fetch-Site", "cross-site"}, 403},
		{"own origin", "POST", "/flows", "[]", []string{"Origin", s.url}, 204},
		{"rebound name", "POST", "/flows", "[]", []string{"Host", "evil.example"}, 403},
		{"rebound name, reading", "GET", "/flows", "", []string{"Host", "evil.example:1880"}, 403},
		{"localhost", "GET", "/flows", "", []string{"Host", "localhost:1880"}, 200},
		{"large", "POST", "/inject/in1", strings.Repeat(" ", 2<<20), nil, 413},
		{"deep", "POST", "/inject/in1", strings.Repeat("[", 1000), nil, 400},
		{"deep flow", "POST", "/flows", strings.Repeat("[", 100_000), nil, 400},
		{"dots", "GET", "/healthz/../flows", "", []string{"Authorization", ""}, 307},
		{"escaped dots", "GET", "/healthz/%2e%2e/flows", "", []string{"Authorization", ""}, 404},
		{"two slashes", "GET", "//flows", "", []string{"Authorization", ""}, 307},
		{"other case", "GET", "/FLOWS", "", []string{"Authorization", ""}, 404},
		{"a path below", "GET", "/flows/x", "", []string{"Authorization", ""}, 404},
		{"another scheme", "GET", "/flows", "", []string{"Authorization", "Basic " + s.token}, 401},
		{"another token", "GET", "/flows", "", []string{"Authorization", "Bearer " + s.token[1:]}, 401},
	} {
		resp, body := s.send(c.method, c.path, c.body, c.headers...)
		if resp.StatusCode != c.want && (c.want != 307 || resp.StatusCode != http.StatusMovedPermanently) {
			t.Errorf("%s: %d %s, want %d", c.name, resp.StatusCode, body, c.want)
		}
		if strings.Contains(body, "tab1") {
			t.Errorf("%s gives the flows away", c.name)
		}
	}
}

// TestPublicPages: what anyone may see, in both languages.
func TestPublicPages(t *testing.T) {
	s := newSite(t)
	s.token = ""
	if got := s.want(200, "GET", "/healthz", ""); !strings.Contains(got, `"ok":true`) {
		t.Errorf("health: %s", got)
	}
	s.lang = "ja"
	if got := s.want(401, "GET", "/flows", ""); !bytes.ContainsAny([]byte(got), "ログイン認証") {
		t.Errorf("refusal in Japanese: %s", got)
	}
}

// TestMetrics: what an operator's Prometheus wants.
func TestMetrics(t *testing.T) {
	s := newSite(t)
	s.want(204, "POST", "/flows", demoFlow)
	s.want(200, "POST", "/inject/in1", "")
	got := s.want(200, "GET", "/metrics", "")
	for _, name := range []string{"toban_steps_total 2", "toban_questions_open 0", "toban_partitions_blocked 0", "toban_runs_total", "toban_commit_seconds_count",
		"toban_histories_dropped_total 0", "toban_comms_dropped_total 0"} {
		if !strings.Contains(got, name) {
			t.Errorf("no %s", name)
		}
	}
}
