package sshx

import (
	"context"
	"net"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"
)

// credentials are what a connection logs in with.
type credentials struct {
	signer   ssh.Signer
	password string
	agent    string
}

func newCredentials(f failures, c Config) (credentials, error) {
	creds := credentials{password: c.Password}
	if c.PrivateKey != "" {
		signer, err := parseKey(f, c.PrivateKey, c.Passphrase)
		if err != nil {
			return credentials{}, err
		}
		creds.signer = signer
	}
	if creds.signer == nil && creds.password == "" {
		creds.agent = c.Agent
		if creds.agent == "" {
			return credentials{}, f.make(BadConfig, "ssh.no_credentials", nil)
		}
	}
	return creds, nil
}

// methods gives the ways to log in. release must be called after the log-in.
func (c credentials) methods(ctx context.Context, f failures) (methods []ssh.AuthMethod, release func(), err error) {
	release = func() {}
	if c.agent != "" {
		conn, err := new(net.Dialer).DialContext(ctx, "unix", c.agent)
		if err != nil {
			return nil, release, f.make(BadConfig, "ssh.agent_unreachable", err)
		}
		release = func() { _ = conn.Close() }
		methods = append(methods, ssh.PublicKeysCallback(agent.NewClient(conn).Signers))
	}
	if c.signer != nil {
		methods = append(methods, ssh.PublicKeys(c.signer))
	}
	if c.password != "" {
		methods = append(methods, ssh.Password(c.password), ssh.KeyboardInteractive(c.answer))
	}
	return methods, release, nil
}

// answer is for servers that ask for the password interactively (PAM). Only
// hidden questions get it; a question whose answer would be shown isn't one
// about a password.
func (c credentials) answer(_, _ string, questions []string, echos []bool) ([]string, error) {
	answers := make([]string, len(questions))
	for i := range questions {
		if !echos[i] {
			answers[i] = c.password
		}
	}
	return answers, nil
}
