package server_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"toban/internal/app"
	"toban/internal/sim/ec2"
	"toban/internal/sim/mailbox"
	simslack "toban/internal/sim/slack"
	"toban/internal/sim/sshhost"
	"toban/internal/slack"
)

// attempt is the answer of POST /api/test/….
type attempt struct {
	OK       bool
	Findings []struct {
		What, Message string
		OK, Warning   bool
	}
	HostKey *struct {
		Host, Address, Algorithm, Fingerprint string
		Port                                  int
		Known, Changed                        bool
	}
	Code, Message string
}

func (a attempt) text() string {
	text := a.Message
	for _, f := range a.Findings {
		text += f.What + ": " + f.Message + "\n"
	}
	return text
}

// try sends a node as it stands in the editor.
func (s *site) try(status int, typ, id string, props, credentials any) attempt {
	s.t.Helper()
	body, err := json.Marshal(map[string]any{"id": id, "props": props, "credentials": credentials})
	if err != nil {
		s.t.Fatal(err)
	}
	return decode[attempt](s.t, s.want(status, "POST", "/api/test/"+typ, string(body)))
}

type props = map[string]any

// with is a copy of p with some properties changed: pairs of name and value.
func with(p props, pairs ...any) props {
	changed := props{}
	for name, v := range p {
		changed[name] = v
	}
	for i := 0; i < len(pairs); i += 2 {
		changed[pairs[i].(string)] = pairs[i+1]
	}
	return changed
}

// deploy makes a node with its credentials the deployed file, beside a tab.
func (s *site) deploy(node props) {
	s.t.Helper()
	data, err := json.Marshal([]props{{"id": "t", "type": "tab"}, node})
	if err != nil {
		s.t.Fatal(err)
	}
	s.want(204, "POST", "/flows", string(data))
}

// box is a mailbox that remembers who tried to log in.
type box struct {
	*mailbox.Server
	mu     sync.Mutex
	logins []string
}

func newBox(t *testing.T) *box {
	t.Helper()
	b := &box{}
	var err error
	b.Server, err = mailbox.Start(mailbox.Options{User: "demo", Password: "correct-pw", Login: func(user, password string) error {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.logins = append(b.logins, user+":"+password)
		return nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	return b
}

func (b *box) tried() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]string(nil), b.logins...)
}

func TestMailboxIsTried(t *testing.T) {
	b := newBox(t)
	t.Setenv("TEST_MAIL_HOST", "127.0.0.1")
	s := newSite(t)
	node := props{"server": "127.0.0.1", "port": fmt.Sprint(b.Port()), "useSSL": false, "autotls": "never", "box": "INBOX"}
	typed := props{"userid": "demo", "password": "correct-pw"}
	if got := s.try(200, "e-mail-in", "new", node, typed); !got.OK || len(got.Findings) != 1 || !strings.Contains(got.Findings[0].What, "demo at 127.0.0.1, folder INBOX") {
		t.Errorf("a good one: %+v", got)
	}
	if got := s.try(200, "e-mail-in", "new", with(node, "server", "${TEST_MAIL_HOST}"), typed); !got.OK {
		t.Errorf("with a variable: %+v", got)
	}
	for name, tc := range map[string]struct {
		props, credentials props
		want               string
	}{
		"wrong password": {node, props{"userid": "demo", "password": "wrong-pw"}, "Mailbox demo"},
		"no password":    {node, props{"userid": "demo"}, "password"},
		"no folder":      {with(node, "box", "Elsewhere"), typed, "Elsewhere"},
		"no server":      {with(node, "server", ""), typed, "server"},
		"bad port":       {with(node, "port", "x"), typed, "port"},
	} {
		got := s.try(200, "e-mail-in", "new", tc.props, tc.credentials)
		if got.OK || !strings.Contains(got.text(), tc.want) || strings.Contains(got.text(), "wrong-pw") {
			t.Errorf("%s: %+v", name, got)
		}
	}
	s.lang = "ja"
	if got := s.try(200, "e-mail-in", "new", node, typed); !strings.Contains(got.text(), "メールボックス demo") {
		t.Errorf("in Japanese: %+v", got)
	}
	s.want(404, "POST", "/api/test/debug", `{}`)
	s.want(404, "POST", "/api/test/nothing", `{}`)
	s.want(400, "POST", "/api/test/e-mail-in", `{`)
	if got := decode[attempt](t, s.want(200, "POST", "/api/test/e-mail-in", `{}`)); got.OK {
		t.Errorf("nothing at all: %+v", got)
	}
}

// A stored password is used where it was stored for, and sent nowhere else.
func TestStoredPasswordGoesNowhereElse(t *testing.T) {
	home, thief := newBox(t), newBox(t)
	s := newSite(t)
	node := props{"server": "127.0.0.1", "port": home.Port(), "useSSL": false, "autotls": "never", "box": "INBOX", "repeat": "3600"}
	s.deploy(with(node, "id", "mail", "type", "e-mail in", "z", "t", "x", 1, "y", 1, "wires", []any{[]any{}},
		"credentials", props{"userid": "demo", "password": "correct-pw"}))
	for name, typed := range map[string]props{
		"placeholder": {"userid": "demo", "password": "__PWRD__"}, "absent": {"userid": "demo"}, "all absent": nil,
	} {
		if got := s.try(200, "e-mail-in", "mail", with(node, "port", fmt.Sprint(home.Port()), "box", " INBOX "), typed); !got.OK {
			t.Errorf("%s: %+v", name, got)
		}
	}
	for name, tc := range map[string]struct{ props, credentials props }{
		"port":       {with(node, "port", thief.Port()), props{"userid": "demo", "password": "__PWRD__"}},
		"host":       {with(node, "server", "localhost", "port", thief.Port()), nil},
		"user":       {node, props{"userid": "other", "password": "__PWRD__"}},
		"encryption": {with(node, "useSSL", true), nil},
		"variables":  {with(node, "server", "${NO_SUCH}"), nil},
		"nonsense":   {with(node, "port", "x"), nil},
	} {
		if got := s.try(400, "e-mail-in", "mail", tc.props, tc.credentials); got.Code != "type_again" || got.Message == "" {
			t.Errorf("%s changed: %+v", name, got)
		}
	}
	if got := s.try(200, "e-mail-in", "mail", with(node, "port", thief.Port()), props{"userid": "demo", "password": "typed-anew"}); got.OK {
		t.Errorf("typed again, wrongly: %+v", got)
	}
	if got := s.try(200, "connection", "mail", props{"host": "127.0.0.1", "port": thief.Port(), "username": "demo"}, nil); got.OK {
		t.Errorf("a mailbox's password for a host: %+v", got)
	}
	for _, login := range thief.tried() {
		if strings.Contains(login, "correct-pw") {
			t.Errorf("the password went elsewhere: %s", login)
		}
	}
}

func newHost(t *testing.T) *sshhost.Host {
	t.Helper()
	t.Setenv("HOME", t.TempDir())
	t.Setenv("SSH_AUTH_SOCK", "")
	cloud := ec2.New(ec2.Options{})
	t.Cleanup(cloud.Close)
	host, err := sshhost.Start(cloud, sshhost.Options{User: "ops", Password: "ssh-pw"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = host.Close() })
	return host
}

// A host's key is shown, pinned once somebody has compared it, and then the
// log-in works; nothing is run.
func TestHostKeyIsPinned(t *testing.T) {
	host := newHost(t)
	s := newSite(t)
	node := props{"name": "bastion", "host": "127.0.0.1", "port": host.Port(), "username": "ops"}
	typed := props{"password": "ssh-pw"}
	got := s.try(200, "connection", "new", node, typed)
	if got.OK || got.HostKey == nil || got.HostKey.Known || got.HostKey.Changed || !strings.HasPrefix(got.HostKey.Fingerprint, "SHA256:") || got.HostKey.Algorithm != "ssh-ed25519" {
		t.Fatalf("a new host: %+v %+v", got, got.HostKey)
	}
	if len(got.Findings) != 0 {
		t.Errorf("a key that nobody has compared yet is no problem: %+v", got.Findings)
	}
	if got.HostKey.Host != "127.0.0.1" || got.HostKey.Port != host.Port() || got.HostKey.Address != "[127.0.0.1]:"+fmt.Sprint(host.Port()) {
		t.Errorf("the place to pin: %+v", got.HostKey)
	}
	pin := func(status int, fingerprint string) string {
		body, err := json.Marshal(props{"host": got.HostKey.Host, "port": got.HostKey.Port, "fingerprint": fingerprint})
		if err != nil {
			t.Fatal(err)
		}
		return s.want(status, "POST", "/api/pin", string(body))
	}
	for _, wrong := range []string{"SHA256:AAAA", "", got.HostKey.Fingerprint + "x"} {
		if text := pin(409, wrong); !strings.Contains(text, got.HostKey.Fingerprint) {
			t.Errorf("another fingerprint: %s", text)
		}
	}
	if again := s.try(200, "connection", "new", node, typed); again.OK || again.HostKey.Known {
		t.Errorf("after a refused pin: %+v", again)
	}
	pin(204, got.HostKey.Fingerprint)
	pin(204, got.HostKey.Fingerprint)
	if again := s.try(200, "connection", "new", node, typed); !again.OK || !again.HostKey.Known || len(again.Findings) != 2 {
		t.Errorf("after the pin: %+v", again)
	}
	if again := s.try(200, "connection", "new", node, props{"password": "wrong-pw"}); again.OK || !again.HostKey.Known || strings.Contains(again.text(), "wrong-pw") {
		t.Errorf("a wrong password: %+v", again)
	}
	if again := s.try(200, "connection", "new", node, nil); again.OK || !again.HostKey.Known {
		t.Errorf("no password: %+v", again)
	}
	host.ChangeHostKey()
	changed := s.try(200, "connection", "new", node, typed)
	if changed.OK || !changed.HostKey.Changed || changed.HostKey.Known || changed.HostKey.Fingerprint == got.HostKey.Fingerprint {
		t.Errorf("a changed key: %+v %+v", changed, changed.HostKey)
	}
	pin(409, changed.HostKey.Fingerprint)
	if ran := host.Executed(); len(ran) > 0 {
		t.Errorf("a test ran %q", ran)
	}
	for _, bad := range []string{`{}`, `{"host":"a b","port":22}`, `{"host":"h","port":70000}`, `{"host":"h\n*","port":22}`, `{`} {
		s.want(400, "POST", "/api/pin", bad)
	}
	s.want(502, "POST", "/api/pin", fmt.Sprintf(`{"host":"127.0.0.1","port":%d}`, closedPort(t)))
}

func closedPort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().(*net.TCPAddr).Port
}

func TestStoredSSHPasswordGoesNowhereElse(t *testing.T) {
	host := newHost(t)
	s := newSite(t)
	node := props{"host": "127.0.0.1", "port": host.Port(), "username": "ops", "hostKey": host.HostKey()}
	s.deploy(with(node, "id", "k", "type", "connection", "credentials", props{"password": "ssh-pw"}))
	if got := s.try(200, "connection", "k", node, nil); !got.OK || !got.HostKey.Known {
		t.Errorf("as deployed: %+v", got)
	}
	for name, changed := range map[string]props{
		"host": with(node, "host", "localhost"), "port": with(node, "port", 22), "user": with(node, "username", "root"), "pinned key": with(node, "hostKey", ""),
	} {
		if got := s.try(400, "connection", "k", changed, nil); got.Code != "type_again" {
			t.Errorf("%s changed: %+v", name, got)
		}
	}
	if got := s.try(200, "connection", "k", with(node, "host", "localhost"), props{"password": "ssh-pw"}); !got.OK {
		t.Errorf("typed again: %+v", got)
	}
}

// Slack is asked about the tokens, the scopes and the channels; no socket is
// opened that would take clicks from the one that is.
func TestSlackIsTried(t *testing.T) {
	w := simslack.New(simslack.Config{Channels: []simslack.Channel{{ID: "C1", Name: "ops"}}})
	api := httptest.NewServer(w)
	t.Cleanup(api.Close)
	s := newSite(t, func(o *app.Options) { o.Slack = slack.Config{APIURL: api.URL + "/api/"} })
	tokens := props{"botToken": simslack.DefaultBotToken, "appToken": simslack.DefaultAppToken}
	got := s.try(200, "slack-connection", "new", props{"opsChannel": "ops"}, tokens)
	if !got.OK || !strings.Contains(got.text(), "#ops") || !strings.Contains(got.text(), "Socket Mode") {
		t.Errorf("a good one: %+v", got)
	}
	if opened := w.Calls("apps.connections.open"); len(opened) != 1 {
		t.Errorf("asked %d times for a socket", len(opened))
	}
	for name, tc := range map[string]struct{ props, credentials props }{
		"no such channel": {props{"opsChannel": "nowhere"}, tokens},
		"wrong bot token": {nil, props{"botToken": "xoxb-wrong-1", "appToken": simslack.DefaultAppToken}},
		"wrong app token": {nil, props{"botToken": simslack.DefaultBotToken, "appToken": "xapp-wrong-1"}},
		"no token":        {nil, nil},
		"a bad zone":      {props{"tz": "Mars/Olympus"}, tokens},
	} {
		if got := s.try(200, "slack-connection", "new", tc.props, tc.credentials); got.OK || strings.Contains(got.text(), "-wrong-1") {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// A server that says nothing holds up a few tests only, and none that nobody
// waits for any more.
func TestFewAreTriedAtOnce(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = silent.Close() }()
	s := newSite(t)
	node := props{"server": "127.0.0.1", "port": silent.Addr().(*net.TCPAddr).Port, "useSSL": false, "autotls": "never"}
	body, err := json.Marshal(map[string]any{"id": "new", "props": node, "credentials": props{"userid": "u", "password": "p"}})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var waiting sync.WaitGroup
	for range 4 {
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url+"/api/test/e-mail-in", strings.NewReader(string(body)))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+s.token)
		waiting.Go(func() {
			if resp, err := http.DefaultClient.Do(req); err == nil {
				_ = resp.Body.Close()
				t.Error("a silent server was answered")
			}
		})
	}
	for range 4 { // all of them are on the line
		conn, err := silent.Accept()
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = conn.Close() }()
	}
	s.want(503, "POST", "/api/test/e-mail-in", string(body))
	cancel()
	waiting.Wait()
	deadline := time.Now().Add(10 * time.Second) // well below the bound of a try
	for time.Now().Before(deadline) {            // the server learns a little later that they hung up
		if resp, _ := s.send("POST", "/api/test/connection", `{}`); resp.StatusCode == http.StatusOK {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Error("tests that nobody waits for hold their places")
}
