package sshx

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"strings"
	"testing"

	"golang.org/x/crypto/ssh"
)

// lock gives a private key protected by a passphrase.
func lock(t *testing.T, key, passphrase string) string {
	t.Helper()
	raw, err := ssh.ParseRawPrivateKey([]byte(key))
	if err != nil {
		t.Fatal(err)
	}
	block, err := ssh.MarshalPrivateKeyWithPassphrase(raw, "", []byte(passphrase))
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(block))
}

func freshKey(t *testing.T) (private, public string) {
	t.Helper()
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	block, err := ssh.MarshalPrivateKey(key, "")
	if err != nil {
		t.Fatal(err)
	}
	pub, err := ssh.NewPublicKey(key.Public())
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(block)), string(ssh.MarshalAuthorizedKey(pub))
}

func TestSettingsThatCantWork(t *testing.T) {
	private, public := freshKey(t)
	good := Config{Host: "h", User: "u", PrivateKey: private}
	for _, test := range []struct {
		name   string
		change func(*Config)
		mend   string // part of the text; "" means that it works
	}{
		{"works", func(*Config) {}, ""},
		{"no host", func(c *Config) { c.Host = "" }, "no host"},
		{"no user", func(c *Config) { c.User = "" }, "no user name"},
		{"nothing to log in with", func(c *Config) { c.PrivateKey = "" }, "enter a password or a private key"},
		{"agent instead", func(c *Config) { c.PrivateKey, c.Agent = "", "/run/agent" }, ""},
		{"PuTTY", func(c *Config) { c.PrivateKey = "PuTTY-User-Key-File-3: ssh-ed25519\r\nEncryption: none\r\n" }, "PuTTYgen"},
		{"public key", func(c *Config) { c.PrivateKey = public }, "without .pub"},
		{"half a key", func(c *Config) { c.PrivateKey = private[:100] }, "-----END"},
		{"CRLF", func(c *Config) { c.PrivateKey = strings.ReplaceAll(private, "\n", "\r\n") }, ""},
		{"no passphrase", func(c *Config) { c.PrivateKey = lock(t, private, "x") }, "passphrase; enter it"},
		{"wrong passphrase", func(c *Config) { c.PrivateKey, c.Passphrase = lock(t, private, "x"), "y" }, "passphrase"},
		{"pinned", func(c *Config) { c.HostKey = "# ours\n" + public }, ""},
		{"pinned as in known_hosts", func(c *Config) { c.HostKey = "host.example " + public }, ""},
		{"no host key", func(c *Config) { c.HostKey = "SHA256:abc" }, "toban pin"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := good
			test.change(&c)
			_, err := New(c)
			switch {
			case test.mend == "" && err != nil:
				t.Error(err)
			case test.mend != "" && (KindOf(err) != BadConfig || !strings.Contains(err.Error(), test.mend)):
				t.Errorf("got %v", err)
			case err != nil && strings.Contains(err.Error(), "{"):
				t.Errorf("a place was left open: %v", err)
			}
		})
	}
}
