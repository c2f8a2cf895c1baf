package emailin_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"toban/internal/locale"
	"toban/internal/message"
	"toban/internal/node/nodetest"
)

func TestProvision(t *testing.T) {
	full := map[string]string{"userid": "u", "password": "p"}
	base := message.NewObject("server", "imap.example.com", "port", "993", "useSSL", true, "repeat", "60")
	for name, c := range map[string]struct {
		props       *message.Object
		credentials map[string]string
		want        string
	}{
		"as the seed has it":  {base.With("protocol", "IMAP"), full, ""},
		"nothing but server":  {message.NewObject("server", "imap.example.com"), full, ""},
		"newer properties":    {base.With("autotls", "never").With("criteria", "UNSEEN").With("authtype", "BASIC").With("fetch", "auto"), full, ""},
		"pop3":                {base.With("protocol", "POP3"), full, "emailin.protocol"},
		"oauth":               {base.With("authtype", "XOAUTH2"), full, "emailin.auth_type"},
		"no server":           {base.With("server", " "), full, "emailin.no_server"},
		"no user":             {base, map[string]string{"password": "p"}, "emailin.no_credential"},
		"no password":         {base, map[string]string{"userid": "u"}, "emailin.no_credential"},
		"a port that is none": {base.With("port", "imaps"), full, "node.bad_property"},
	} {
		t.Run(name, func(t *testing.T) {
			h := nodetest.New(t, emailIn(t), c.props, func(e *nodetest.Env) { e.Credentials = c.credentials })
			switch {
			case c.want == "" && h.Err != nil:
				t.Error(h.Err)
			case c.want != "" && !locale.HasKey(h.Err, c.want):
				t.Errorf("got %v, want %s", h.Err, c.want)
			}
		})
	}
}

func TestSettingsThatCannotBeFollowedAreNamed(t *testing.T) {
	p := message.NewObject("server", "imap.example.com", "criteria", "FLAGGED", "fetch", "trigger", "name", "box")
	h := nodetest.New(t, emailIn(t), p, func(e *nodetest.Env) {
		e.Credentials = map[string]string{"userid": "u", "password": "p"}
	})
	var got []string
	for _, l := range h.Env.Logs {
		got = append(got, l.String())
	}
	if len(got) != 2 || !strings.Contains(got[0], "FLAGGED") || !strings.Contains(got[1], "box") {
		t.Errorf("logs %q", got)
	}
}

func TestTextsInBothLanguages(t *testing.T) {
	missing := []string{}
	for _, key := range locale.Known() {
		if strings.HasPrefix(key, "emailin.") && (locale.EN.Text(key) == "" || locale.JA.Text(key) == "") {
			missing = append(missing, key)
		}
	}
	if diff := cmp.Diff([]string{}, missing); diff != "" {
		t.Error(diff)
	}
}
