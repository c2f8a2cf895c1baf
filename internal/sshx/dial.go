package sshx

import (
	"context"
	"errors"
	"net"
	"strings"
	"time"

	"golang.org/x/crypto/ssh"
)

// dialer makes connections for one Config.
type dialer struct {
	failures
	hops    []hop
	creds   credentials
	keys    hostKeys // of the host itself
	files   []string // known_hosts for jump hosts
	timeout time.Duration
}

func newDialer(c Config) (*dialer, error) {
	f := failures{host: c.label()}
	if c.Host == "" {
		return nil, f.make(BadConfig, "ssh.no_host", nil)
	}
	hops, err := route(f, c)
	if err != nil {
		return nil, err
	}
	keys, err := newHostKeys(f, c)
	if err != nil {
		return nil, err
	}
	creds, err := newCredentials(f, c)
	if err != nil {
		return nil, err
	}
	return &dialer{failures: f, hops: hops, creds: creds, keys: keys, files: c.KnownHosts, timeout: c.DialTimeout}, nil
}

// dial connects and logs in, through all hops. The clients are in the order of
// the hops; the last one is the host's. The time of all together is bounded.
func (d *dialer) dial(ctx context.Context) ([]*ssh.Client, error) {
	ctx, cancel := context.WithTimeout(ctx, d.timeout)
	defer cancel()
	methods, release, err := d.creds.methods(ctx, d.failures)
	if err != nil {
		return nil, err
	}
	defer release()
	var clients []*ssh.Client
	for i, h := range d.hops {
		keys := hostKeys{files: d.files}
		at := failures{host: h.user + "@" + h.address() + " → " + d.host}
		if i == len(d.hops)-1 {
			keys, at = d.keys, d.failures
		}
		client, err := d.hop(ctx, at, clients, h, methods, keys)
		if err != nil {
			closeAll(clients)
			return nil, err
		}
		clients = append(clients, client)
	}
	return clients, nil
}

// hop connects to one machine; at names it in texts.
func (d *dialer) hop(ctx context.Context, at failures, before []*ssh.Client, h hop, methods []ssh.AuthMethod, keys hostKeys) (*ssh.Client, error) {
	callback, algos, verdict, err := keys.check(at, h.address())
	if err != nil {
		return nil, err
	}
	conn, err := reach(ctx, before, h.address())
	if err != nil {
		return nil, d.unreachable(ctx, at, h, err)
	}
	client, err := handshake(ctx, conn, h.address(), &ssh.ClientConfig{
		User:              h.user,
		Auth:              methods,
		HostKeyCallback:   callback,
		HostKeyAlgorithms: algos,
	})
	if err == nil {
		return client, nil
	}
	if verdict.err != nil {
		return nil, verdict.err
	}
	return nil, d.refused(ctx, at, h, err)
}

// reach makes the transport: TCP, or a channel of the hop before.
func reach(ctx context.Context, before []*ssh.Client, address string) (net.Conn, error) {
	if len(before) > 0 {
		return before[len(before)-1].DialContext(ctx, "tcp", address)
	}
	return new(net.Dialer).DialContext(ctx, "tcp", address)
}

// handshake ends with ctx even when the server stalls: closing the transport is
// the one thing that wakes it up (a channel of a jump host has no deadlines).
func handshake(ctx context.Context, conn net.Conn, address string, config *ssh.ClientConfig) (*ssh.Client, error) {
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	c, channels, requests, err := ssh.NewClientConn(conn, address, config)
	if !stop() && err == nil {
		err = ctx.Err()
	}
	if err != nil {
		_ = conn.Close()
		return nil, err
	}
	return ssh.NewClient(c, channels, requests), nil
}

func (d *dialer) unreachable(ctx context.Context, at failures, h hop, err error) *Error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return at.make(Unreachable, "ssh.no_answer", err, "address", h.address(), "seconds", d.timeout.Seconds())
	}
	return at.make(Unreachable, "ssh.unreachable", err, "address", h.address())
}

// refused tells a refused log-in from a host that doesn't speak SSH with us.
// x/crypto has no type for the first.
func (d *dialer) refused(ctx context.Context, at failures, h hop, err error) *Error {
	negotiation, noAlgorithm := errors.AsType[*ssh.AlgorithmNegotiationError](err)
	switch {
	case ctx.Err() != nil:
		return d.unreachable(ctx, at, h, err)
	case noAlgorithm && negotiation.What == "host key":
		return at.make(ChangedKey, "ssh.other_host_key_type", err, "address", h.address(),
			"type", strings.Join(negotiation.RequestedAlgorithms, ", "))
	case isRefusal(err.Error()):
		return at.make(AuthRefused, d.authText(), err, "user", h.user, "address", h.address())
	}
	return at.make(Unreachable, "ssh.handshake", err, "address", h.address())
}

// isRefusal knows x/crypto's texts: nothing worked, the server has had enough,
// or it ended an interactive log-in before it began (51 is USERAUTH_FAILURE).
func isRefusal(text string) bool {
	return strings.Contains(text, "unable to authenticate") ||
		strings.Contains(text, "Too many authentication") ||
		strings.Contains(text, "unexpected message type 51 (expected 60)")
}

func (d *dialer) authText() string {
	switch {
	case d.creds.agent != "":
		return "ssh.auth_agent"
	case d.creds.password == "":
		return "ssh.auth_key"
	case d.creds.signer == nil:
		return "ssh.auth_password"
	}
	return "ssh.auth_both"
}

func closeAll(clients []*ssh.Client) {
	for i := len(clients) - 1; i >= 0; i-- {
		_ = clients[i].Close()
	}
}
