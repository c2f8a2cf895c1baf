package app_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"toban/internal/app"
	"toban/internal/locale"
	"toban/internal/sim/mailbox"
	"toban/internal/sim/slack"
	slackgate "toban/internal/slack"
)

// office is a workspace, a full mailbox, and a server between them.
type office struct {
	t    *testing.T
	team *slack.Workspace
	box  *mailbox.Server
	log  *logbook
	o    app.Options
	app  *app.App
}

func newOffice(t *testing.T) *office {
	t.Helper()
	f := &office{t: t, log: &logbook{}, team: slack.New(slack.Config{Channels: []slack.Channel{{ID: "C1", Name: "ops"}}})}
	web := httptest.NewServer(f.team)
	t.Cleanup(func() { web.CloseClientConnections(); web.Close() })
	box, err := mailbox.Start(mailbox.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = box.Close() })
	f.box = box
	for i := range 25 {
		if _, err := box.Add(mailbox.Mail{Subject: fmt.Sprint("old ", i), Text: "x"}); err != nil {
			t.Fatal(err)
		}
	}
	f.o = app.Options{
		DataDir: t.TempDir(), AdminPassword: "secret", Lang: locale.EN, Log: slog.New(slog.NewTextHandler(f.log, nil)),
		Slack: slackgate.Config{BotToken: slack.DefaultBotToken, AppToken: slack.DefaultAppToken, APIURL: web.URL + "/api/", OpsChannel: "ops"},
	}
	return f
}

// logbook is a log that can be read while it is written.
type logbook struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logbook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logbook) count(text string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Count(l.text.String(), text)
}

func (f *office) open() {
	f.t.Helper()
	a, err := app.New(f.t.Context(), f.o)
	if err != nil {
		f.t.Fatal(err)
	}
	f.app = a
}

func (f *office) close() {
	f.t.Helper()
	if err := f.app.Stop(f.t.Context()); err != nil {
		f.t.Error(err)
	}
}

// read deploys the node that reads a folder; what else it has is a new revision.
func (f *office) read(name string) {
	f.t.Helper()
	deploy(f.t, f.app, fmt.Sprintf(`[{"id":"t","type":"tab","label":"AWS mails"},{"id":"in","type":"e-mail in","name":%q,"z":"t","server":%q,"port":"%d",
		"useSSL":false,"repeat":"1","disposition":"Read","wires":[[]],"credentials":{"userid":%q,"password":%q}}]`,
		name, f.box.Host(), f.box.Port(), f.box.User(), f.box.Password()))
}

func (f *office) asks() {
	f.t.Helper()
	until(f.t, "the node asks", func() bool {
		var pending choices
		ask(f.t, f.app, http.MethodGet, "/api/choices", "", &pending)
		return len(pending.Choices) == 1
	})
}

// told gives what the ops channel was told.
func (f *office) told() (texts []string) {
	for _, m := range f.team.Messages("ops") {
		texts = append(texts, m.Text)
	}
	return texts
}

// The ops channel is told once of a mailbox that waits: what it is about, what can
// be chosen, and where.
func TestOpsChannelIsToldOfAChoice(t *testing.T) {
	for lang, want := range map[locale.Lang][]string{
		locale.EN: {"*inbox* on the tab “AWS mails” waits for a decision.", "25 unread mails", "• Only mails that arrive from now on", "Decide here: https://toban.example.com/questions"},
		locale.JA: {"タブ「AWS mails」の *inbox* が判断を待っています。", "25 件", "• これから届く分だけ", "こちらで選んでください: https://toban.example.com/questions "},
	} {
		f := newOffice(t)
		f.o.Lang, f.o.Hosts = lang, []string{"toban.example.com", "toban.internal"}
		f.open()
		f.read("inbox")
		until(t, "the channel is told", func() bool { return len(f.told()) > 0 })
		f.close()
		for _, part := range want {
			if !strings.Contains(f.told()[0], part) {
				t.Errorf("no %q in\n%s", part, f.told()[0])
			}
		}
	}
}

// Restarts and deploys are no news; another backlog is.
func TestChoiceIsToldOnce(t *testing.T) {
	f := newOffice(t)
	f.open()
	f.read("inbox")
	until(t, "the channel is told", func() bool { return len(f.told()) == 1 })
	if text := f.told()[0]; !strings.Contains(text, "Toban's page /questions, or on the server with `toban choices`") {
		t.Errorf("it doesn't say where to decide: %s", text)
	}
	f.read("the inbox")
	f.asks()
	f.close()
	f.open()
	f.asks()
	until(t, "the log has it at each start of the node", func() bool { return f.log.count("none is touched until somebody says") == 3 })
	if got := ask(t, f.app, http.MethodPost, "/api/choices/in", `{"option":"only-from-now"}`, nil); got != http.StatusNoContent {
		t.Fatalf("only from now: %d", got)
	}
	if _, err := f.box.Add(mailbox.Mail{Subject: "new", Text: "x"}); err != nil {
		t.Fatal(err)
	}
	until(t, "the node goes on", func() bool { return f.box.SeenSubject("new") })
	f.close()
	if got := f.told(); len(got) != 1 {
		t.Errorf("the channel was told %d times: %q", len(got), got)
	}
}

// Slack is down when the node asks: the log says so once, and the channel is told later.
func TestChoiceIsToldOnceSlackWorks(t *testing.T) {
	f := newOffice(t)
	f.team.SetScopes("channels:read", "users:read")
	f.open()
	defer f.close()
	f.read("inbox")
	until(t, "the log says that nobody was told", func() bool { return f.log.count("could not be told") > 0 })
	f.team.SetScopes("chat:write", "channels:read", "users:read")
	until(t, "the channel is told", func() bool { return len(f.told()) == 1 })
	if n := f.log.count("could not be told"); n != 1 {
		t.Errorf("the log says it %d times", n)
	}
}

// Without an ops channel the log has it, and nothing fails.
func TestChoiceWithoutOpsChannel(t *testing.T) {
	f := newOffice(t)
	f.o.Slack.OpsChannel = ""
	f.open()
	f.read("inbox")
	f.asks()
	f.close()
	if len(f.told()) > 0 || f.log.count("none is touched until somebody says") != 1 || f.log.count("could not be told") > 0 {
		t.Errorf("told %q", f.told())
	}
}
