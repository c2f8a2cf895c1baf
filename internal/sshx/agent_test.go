package sshx

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"

	"toban/internal/testparts/sshd"
)

// startAgent serves a key as an SSH agent does and gives its socket.
func startAgent(t *testing.T, key string) string {
	t.Helper()
	raw, err := ssh.ParseRawPrivateKey([]byte(key))
	if err != nil {
		t.Fatal(err)
	}
	ring := agent.NewKeyring()
	if err := ring.Add(agent.AddedKey{PrivateKey: raw}); err != nil {
		t.Fatal(err)
	}
	socket := filepath.Join(t.TempDir(), "agent")
	l, err := net.Listen("unix", socket)
	if err != nil {
		t.Skipf("no unix sockets here: %v", err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() { _ = agent.ServeAgent(ring, conn) }()
		}
	}()
	return socket
}

func TestAgent(t *testing.T) {
	server := sshd.Start(t)
	foreign, _ := freshKey(t)
	by := func(socket string) func(*Config) {
		return func(c *Config) { c.PrivateKey, c.Agent = "", socket }
	}
	mustExec(t, real(t, server, by(startAgent(t, server.Key))), Command{Text: "true"})
	wantError(t, real(t, server, by(startAgent(t, foreign))), AuthRefused, "ssh-add -l")
	wantError(t, real(t, server, by("/nowhere")), BadConfig, "agent")
}

func TestRevokedHostKey(t *testing.T) {
	server := sshd.Start(t)
	file := filepath.Join(t.TempDir(), "known_hosts")
	address := "[" + strings.Replace(server.Address(), ":", "]:", 1)
	text := address + " " + server.HostKey + "\n@revoked * " + server.HostKey + "\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	wantError(t, real(t, server, func(c *Config) { c.HostKey, c.KnownHosts = "", []string{file} }), ChangedKey, "revoked")
}
