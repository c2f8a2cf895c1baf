package probe

import (
	"errors"
	"strings"
	"testing"

	"github.com/emersion/go-imap/v2"

	"toban/internal/flow"
	"toban/internal/locale"
	"toban/internal/message"
	"toban/internal/nodes"
	"toban/internal/sim/mailbox"
	"toban/internal/slack"
)

// What a server says back is shown without the secrets in it.
func TestSecretsAreNotShown(t *testing.T) {
	mail, err := mailbox.Start(mailbox.Options{User: "demo", Password: "other", Login: func(user, password string) error {
		return &imap.Error{Type: imap.StatusResponseTypeNo, Text: "no entry for " + user + " with " + password}
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = mail.Close() })
	p := New(Options{
		Types: nodes.Registry(slack.NewHub(slack.Config{}, nil)), DataDir: t.TempDir(), Current: func() *flow.File { return &flow.File{} },
		Resolve: func(n *message.Object) *message.Object { return n }, Credential: func(string, string) string { return "" },
	})
	report, err := p.Try(t.Context(), locale.EN, Request{Type: "e-mail in", Typed: map[string]string{"userid": "demo", "password": "pass-123"},
		Props: message.NewObject("server", "127.0.0.1", "port", float64(mail.Port()), "useSSL", false, "autotls", "never")})
	if err != nil || report.OK() || len(report.Findings) != 1 {
		t.Fatalf("got %+v, %v", report, err)
	}
	if !strings.Contains(report.Findings[0].Err.Error(), "pass-123") {
		t.Fatal("the server's answer isn't in the error: this test would prove nothing")
	}
	if text := report.Text(locale.EN, report.Findings[0].Err); strings.Contains(text, "pass-123") || !strings.Contains(text, "demo with ***") {
		t.Errorf("shown: %s", text)
	}
}

func TestOnlyConnectionsAreTried(t *testing.T) {
	p := New(Options{})
	for _, typ := range []string{"debug", "", "E-mail in"} {
		if _, err := p.Try(t.Context(), locale.EN, Request{Type: typ}); !locale.HasKey(err, "probe.no_type") {
			t.Errorf("%q: %v", typ, err)
		}
	}
}

func TestOK(t *testing.T) {
	bad := errors.New("bad")
	for _, tc := range []struct {
		findings []Finding
		want     bool
	}{
		{nil, true},
		{[]Finding{{What: "a"}, {What: "b", Err: bad, Warning: true}}, true},
		{[]Finding{{What: "a"}, {What: "b", Err: bad}}, false},
	} {
		if got := (Report{Findings: tc.findings}).OK(); got != tc.want {
			t.Errorf("%+v: %v", tc.findings, got)
		}
	}
}
