package flowstore

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"toban/internal/flow"
	"toban/internal/locale"
	"toban/internal/message"
	"toban/internal/node"
)

func types() *node.Registry {
	r := node.NewRegistry()
	r.Add(node.Type{Name: "e-mail in", New: func() node.Node { return nil }, Credentials: []node.Credential{
		{Name: "userid"}, {Name: "password", Secret: true},
	}})
	r.Add(node.Type{Name: "global-config", New: func() node.Node { return nil }, Credentials: []node.Credential{{Name: "map", Secret: true}}})
	r.Add(node.Type{Name: "debug", New: func() node.Node { return nil }})
	return r
}

func open(t *testing.T, dir, secret string) *Store {
	t.Helper()
	s, err := Open(dir, secret, types())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func parse(t *testing.T, text string) *flow.File {
	t.Helper()
	f, err := flow.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func save(t *testing.T, s *Store, text string) (clean string, changed []string) {
	t.Helper()
	saved, err := s.Save(parse(t, text))
	if err != nil {
		t.Fatal(err)
	}
	return string(saved.File.JSON()), saved.Changed
}

func TestSaveTakesCredentialsOutAndKeepsThemEncrypted(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, "")
	clean, changed := save(t, s, `[{"id":"m","type":"e-mail in","credentials":{"userid":"me","password":"pass-123","other":"x"}},{"id":"d","type":"debug"}]`)
	if want := `[{"id":"m","type":"e-mail in"},{"id":"d","type":"debug"}]`; clean != want {
		t.Errorf("the file is %s", clean)
	}
	if diff := cmp.Diff([]string{"m"}, changed); diff != "" {
		t.Error(diff)
	}
	for _, name := range []string{flowsName, credentialsName} {
		if raw, err := os.ReadFile(filepath.Join(dir, name)); err != nil || bytes.Contains(raw, []byte("pass-123")) {
			t.Errorf("%s: %s, %v", name, raw, err)
		}
	}
	again := open(t, dir, "")
	file, err := again.Load()
	if err != nil || string(file.JSON()) != clean {
		t.Errorf("loaded %s, %v", file.JSON(), err)
	}
	for name, want := range map[string]string{"userid": "me", "password": "pass-123", "other": ""} {
		if got := again.Credential("m", name); got != want {
			t.Errorf("%s is %q after a restart, want %q", name, got, want)
		}
	}
}

// The rules of Node-RED's admin API, one deploy after the other.
func TestMergeRules(t *testing.T) {
	const first = `{"userid":"me","password":"old"}`
	for _, c := range []struct {
		name, typ, before, sent, want string
		changed                       bool
	}{
		{"a new value replaces", "e-mail in", first, `{"password":"new"}`, `{"userid":"me","password":"new"}`, true},
		{"the placeholder keeps", "e-mail in", first, `{"userid":"me","password":"__PWRD__"}`, first, false},
		{"a blank deletes", "e-mail in", first, `{"userid":" ","password":""}`, `{}`, true},
		{"what is not sent stays", "e-mail in", first, `{}`, first, false},
		{"marks are no credentials", "e-mail in", first, `{"userid":"me","has_password":true}`, first, false},
		{"names that the type lacks are dropped", "e-mail in", first, `{"x":"y"}`, first, false},
		{"a type that is not known keeps what it gets", "no such", `{}`, `{"token":"t"}`, `{"token":"t"}`, true},
		{"a subflow loses what is not sent", "subflow:s", `{"A":"1","B":"2"}`, `{"B":"__PWRD__","C":"3"}`, `{"B":"2","C":"3"}`, true},
		{"the map of a global-config", "global-config", `{"map":{"A":"1","B":"2"}}`, `{"map":{"B":"__PWRD__","has_B":true,"C":"3"}}`, `{"map":{"B":"2","C":"3"}}`, true},
		{"an empty map goes", "global-config", `{"map":{"A":"1"}}`, `{"map":{}}`, `{}`, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := open(t, t.TempDir(), "secret")
			save(t, s, `{"flows":[{"id":"n","type":"`+c.typ+`"}],"credentials":{"n":`+c.before+`}}`)
			_, changed := save(t, s, `[{"id":"n","type":"`+c.typ+`","credentials":`+c.sent+`}]`)
			got := s.credentials["n"]
			if got == nil {
				got = message.NewObject()
			}
			if text := string(message.AppendJSON(nil, got)); text != c.want {
				t.Errorf("credentials are %s, want %s", text, c.want)
			}
			if (len(changed) > 0) != c.changed {
				t.Errorf("changed: %v", changed)
			}
		})
	}
}

func TestShownNeverHoldsSecrets(t *testing.T) {
	for _, c := range []struct{ typ, creds, want string }{
		{"e-mail in", `{"userid":"me","password":"p"}`, `{"userid":"me","has_password":true}`},
		{"e-mail in", `{}`, `{"userid":"","has_password":false}`},
		{"global-config", `{"map":{"A":"1"}}`, `{"map":{"has_A":true}}`},
		{"subflow:s", `{"A":"1"}`, `{"has_A":true}`},
		{"no such", `{"A":"1"}`, `{"has_A":true}`},
		{"debug", `{}`, `{}`},
	} {
		s := open(t, t.TempDir(), "secret")
		save(t, s, `{"flows":[{"id":"n","type":"`+c.typ+`"}],"credentials":{"n":`+c.creds+`}}`)
		if got := string(message.AppendJSON(nil, s.Shown("n", c.typ))); got != c.want {
			t.Errorf("%s with %s shows %s, want %s", c.typ, c.creds, got, c.want)
		}
	}
	if got := open(t, t.TempDir(), "").Shown("nobody", "subflow"); got.Len() != 0 {
		t.Errorf("a node without credentials shows %v", got)
	}
}

func TestCredentialsOfDeletedNodesGo(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, "")
	save(t, s, `[{"id":"m","type":"e-mail in","credentials":{"password":"p"}}]`)
	save(t, s, `[]`)
	if got := open(t, dir, "").Credential("m", "password"); got != "" {
		t.Errorf("the password of a deleted node is still %q", got)
	}
}

// TestAnotherTypeGetsNoSecret: with another type a node would show flows what it
// was never to show: a subflow's credentials are variables.
func TestAnotherTypeGetsNoSecret(t *testing.T) {
	const mailbox = `[{"id":"m","type":"e-mail in","credentials":{"userid":"me","password":"pass-123"}}]`
	for _, other := range []string{
		`[{"id":"m","type":"subflow:s"}]`, `[{"id":"m","type":"group","env":[{"name":"password","type":"cred"}]}]`,
		`[{"id":"m","type":"subflow:s","credentials":{"password":"__PWRD__"}}]`, `[{"id":"m","type":"not-known","credentials":{"has_password":true}}]`,
	} {
		s := open(t, t.TempDir(), "")
		save(t, s, mailbox)
		if _, changed := save(t, s, other); s.Credential("m", "password") != "" || len(changed) != 1 {
			t.Errorf("%s has the mailbox's password; changed: %v", other, changed)
		}
		if _, changed := save(t, s, mailbox); s.Credential("m", "password") != "pass-123" || len(changed) != 1 {
			t.Errorf("after %s: a new password is not taken", other)
		}
	}
	s := open(t, t.TempDir(), "")
	save(t, s, mailbox)
	save(t, s, `[{"id":"m","type":"subflow:s","credentials":{"password":"their own"}}]`)
	if got := s.Credential("m", "password") + s.Credential("m", "userid"); got != "their own" {
		t.Errorf("credentials that are sent with the new type: %q", got)
	}
}

func TestWrongSecretIsFoundAtTheStart(t *testing.T) {
	dir := t.TempDir()
	save(t, open(t, dir, "one"), `[{"id":"m","type":"e-mail in","credentials":{"password":"p"}}]`)
	if _, err := Open(dir, "two", types()); !locale.HasKey(err, "vault.wrong_secret") {
		t.Errorf("got %v", err)
	}
}

func TestFailedWriteKeepsOldCredentials(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, "secret")
	save(t, s, `[{"id":"m","type":"e-mail in","credentials":{"password":"old"}}]`)
	// A folder in the place of flows.json can be neither read nor replaced.
	path := filepath.Join(dir, flowsName)
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(path, "x"), 0o755); err != nil {
		t.Fatal(err)
	}
	_, err := s.Save(parse(t, `[{"id":"m","type":"e-mail in","credentials":{"password":"new"}}]`))
	if e, ok := errors.AsType[*locale.Error](err); !ok || e.Key != "flowstore.read" {
		t.Fatalf("got %v", err)
	}
	if got := open(t, dir, "secret").Credential("m", "password"); got != "old" {
		t.Errorf("the password is %q after a deploy that failed", got)
	}
}

func TestLoad(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, "")
	if file, err := s.Load(); err != nil || len(file.Nodes) != 0 {
		t.Errorf("an empty folder gives %v, %v", file, err)
	}
	if err := os.WriteFile(filepath.Join(dir, flowsName), []byte("[{]"), 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := s.Load()
	if err == nil || !strings.Contains(err.Error(), flowsName) || !strings.Contains(err.Error(), "line 1, column 3") {
		t.Errorf("got %v", err)
	}
}
