package console_test

import (
	"context"
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
	"toban/internal/machine"
	"toban/internal/message"
	simslack "toban/internal/sim/slack"
	"toban/internal/slack"
	"toban/internal/store"
)

// site is the real server with a simulated Slack.
type site struct {
	t     testing.TB
	app   *app.App
	slack *simslack.Workspace
	url   string
	token string
	lang  string

	options app.Options
	stop    func()
}

func newSite(t testing.TB) *site {
	t.Helper()
	s := &site{t: t, lang: "en", slack: simslack.New(simslack.Config{Channels: []simslack.Channel{{ID: "C0GENERAL", Name: "general"}}})}
	workspace := httptest.NewServer(s.slack)
	t.Cleanup(func() { workspace.CloseClientConnections(); workspace.Close() })
	s.open(app.Options{
		DataDir: t.TempDir(), AdminPassword: "correct horse", Lang: locale.EN, Zone: time.FixedZone("JST", 9*3600), Log: slog.New(slog.DiscardHandler),
		Slack: slack.Config{BotToken: simslack.DefaultBotToken, AppToken: simslack.DefaultAppToken, APIURL: workspace.URL + "/api/", Lang: locale.EN},
	})
	t.Cleanup(func() { s.stop() })
	return s
}

// open starts the server.
func (s *site) open(o app.Options) {
	s.t.Helper()
	a, err := app.New(s.t.Context(), o)
	if err != nil {
		s.t.Fatal(err)
	}
	web := httptest.NewServer(a.Handler())
	s.app, s.url, s.token, s.options = a, web.URL, a.Token(), o
	s.stop = func() {
		web.Close()
		if err := a.Stop(context.WithoutCancel(s.t.Context())); err != nil {
			s.t.Error(err)
		}
	}
}

// restart stops the server and starts it on the same data folder.
func (s *site) restart() {
	s.t.Helper()
	s.stop()
	s.open(s.options)
}

// send sends a request; headers are pairs of name and value.
func (s *site) send(method, path, body string, headers ...string) (*http.Response, string) {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), method, s.url+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Accept-Language", s.lang)
	req.Header.Set("Authorization", "Bearer "+s.token)
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return resp, string(data)
}

func (s *site) want(status int, method, path, body string, headers ...string) string {
	s.t.Helper()
	resp, got := s.send(method, path, body, headers...)
	if resp.StatusCode != status {
		s.t.Fatalf("%s %s: %d, want %d: %s", method, path, resp.StatusCode, status, got)
	}
	return got
}

// look gets a page.
func (s *site) look(path string) string { s.t.Helper(); return s.want(200, "GET", path, "") }

// post sends a form.
func (s *site) post(status int, path string, pairs ...string) string {
	s.t.Helper()
	v := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	return s.want(status, "POST", path, v.Encode(), "Content-Type", "application/x-www-form-urlencoded")
}

func (s *site) deploy(file string) {
	s.t.Helper()
	s.want(200, "POST", "/flows", `{"flows":`+file+`}`, "Node-RED-API-Version", "v2", "Content-Type", "application/json")
}

// viewer signs in as somebody who may only look.
func (s *site) viewer() {
	s.t.Helper()
	s.want(201, "POST", "/api/users", `{"name":"kenji","role":"viewer"}`, "Content-Type", "application/json")
	_, token, _ := strings.Cut(s.want(201, "POST", "/api/users/kenji/token", "{}", "Content-Type", "application/json"), `"token":"`)
	s.token, _, _ = strings.Cut(token, `"`)
}

// eventually waits for what the engine does in its own time.
func (s *site) eventually(what string, ok func() bool) {
	s.t.Helper()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if ok() {
			return
		}
	}
	s.t.Fatalf("not in time: %s", what)
}

// run waits for the newest run and gives it once it has a status.
func (s *site) run(status string) (run store.Run) {
	s.t.Helper()
	s.eventually("a run is "+status, func() bool {
		runs, err := s.app.Store().Runs(s.t.Context(), store.RunFilter{Limit: 1})
		if err == nil && len(runs) == 1 {
			run = runs[0]
		}
		return run.Status == status
	})
	return run
}

// question waits for the only open question, its card posted.
func (s *site) question() (q store.Question) {
	s.t.Helper()
	s.eventually("a question is open", func() bool {
		open, err := s.app.Store().Questions(s.t.Context(), store.QuestionFilter{State: store.Open})
		if err == nil && len(open) == 1 {
			q = open[0]
		}
		return q.Ref != ""
	})
	return q
}

// stored puts a run into the store, of steps that a machine made.
func (s *site) stored(row store.Run, play func(m *machine.Machine, r *machine.Run)) {
	s.t.Helper()
	if row.StartedAt.IsZero() {
		row.StartedAt = time.Now()
	}
	m := machine.New("p-" + row.ID)
	first := message.NewObject("payload", "go")
	r := m.Start(row, "src", nil, []machine.Target{{Node: "n0", Msg: first}})
	m.Touch(r)
	play(m, r)
	if err := s.app.Store().Commit(s.t.Context(), m.Cut()); err != nil {
		s.t.Fatal(err)
	}
}

// ends ends the next step.
func ends(m *machine.Machine, _ *machine.Run) {
	run, step, _ := m.Next(time.Now())
	m.End(run, step, machine.Done, time.Now())
}

func has(t testing.TB, page string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(page, part) {
			t.Errorf("no %q in\n%s", part, page)
			return
		}
	}
}

func lacks(t testing.TB, page string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if strings.Contains(page, part) {
			t.Errorf("%q is in\n%s", part, page)
		}
	}
}

// inOrder fails unless parts stand in a page one after the other.
func inOrder(t testing.TB, page string, parts ...string) {
	t.Helper()
	rest := page
	for _, part := range parts {
		_, after, found := strings.Cut(rest, part)
		if !found {
			t.Errorf("%q isn't in its place in\n%s", part, page)
			return
		}
		rest = after
	}
}
