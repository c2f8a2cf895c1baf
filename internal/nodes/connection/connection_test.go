package connection

import (
	"strings"
	"testing"

	"toban/internal/locale"
	"toban/internal/message"
	"toban/internal/node/nodetest"
	"toban/internal/sim/ec2"
	"toban/internal/sim/sshhost"
	"toban/internal/sshx"
)

func provision(t *testing.T, props *message.Object, credentials map[string]string) *nodetest.Harness {
	t.Helper()
	t.Setenv("SSH_AUTH_SOCK", "")
	t.Setenv("HOME", t.TempDir())
	typ := nodetest.Registered(t, "connection", Register)
	return nodetest.New(t, typ, props, func(e *nodetest.Env) {
		e.Credentials, e.Folder = credentials, t.TempDir()
	})
}

func TestSettings(t *testing.T) {
	password := map[string]string{"password": "secret"}
	for _, test := range []struct {
		name        string
		props       *message.Object
		credentials map[string]string
		mend        string // part of the error, "" when it deploys
	}{
		{"as FrontOps wrote it", message.NewObject("name", "util server", "host", "203.0.113.5", "username", "ops"), password, ""},
		{"port as text", message.NewObject("host", "h", "username", "ops", "port", "2222"), password, ""},
		{"port empty", message.NewObject("host", "h", "username", "ops", "port", ""), password, ""},
		{"no credentials", message.NewObject("name", "util server", "host", "203.0.113.5", "username", "ops"), nil, "util server (ops@203.0.113.5) has no credentials; enter a password or a private key"},
		{"no host", message.NewObject("host", " ", "username", "ops"), password, "no host"},
		{"no user", message.NewObject("host", "h"), password, "no user name"},
		{"bad port", message.NewObject("host", "h", "username", "ops", "port", "70000"), password, "70000 is no port"},
		{"port no number", message.NewObject("host", "h", "username", "ops", "port", "ssh"), password, "port"},
		{"PuTTY key", message.NewObject("host", "h", "username", "ops"), map[string]string{"privateKey": "PuTTY-User-Key-File-2: ssh-rsa"}, "PuTTYgen"},
	} {
		t.Run(test.name, func(t *testing.T) {
			err := provision(t, test.props, test.credentials).Err
			if test.mend == "" && err != nil || test.mend != "" && (err == nil || !strings.Contains(err.Error(), test.mend)) {
				t.Errorf("got %v", err)
			}
			if err != nil && locale.JA.Err(err) == err.Error() {
				t.Errorf("not in Japanese: %v", err)
			}
		})
	}
}

// TestPinnedInTheDataFolder: what `toban pin` wrote is what a connection trusts.
func TestPinnedInTheDataFolder(t *testing.T) {
	cloud := ec2.New(ec2.Options{})
	t.Cleanup(cloud.Close)
	host, err := sshhost.Start(cloud, sshhost.Options{User: "ops", Password: "secret"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = host.Close() })
	props := message.NewObject("host", "127.0.0.1", "port", float64(host.Port()), "username", "ops")
	h := provision(t, props, map[string]string{"password": "secret"})
	client := h.Node.(sshx.Connection).SSH()
	if err := client.Check(t.Context()); sshx.KindOf(err) != sshx.UnknownKey {
		t.Fatalf("an unknown key: %v", err)
	}
	key, err := sshx.Pin(t.Context(), sshx.Config{Host: "127.0.0.1", Port: host.Port()})
	if err != nil {
		t.Fatal(err)
	}
	if err := key.Save(sshx.KnownHostsFile(h.Env.Folder), false); err != nil {
		t.Fatal(err)
	}
	if err := client.Check(t.Context()); err != nil {
		t.Errorf("a pinned key: %v", err)
	}
}
