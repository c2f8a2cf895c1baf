package sshx

import (
	"context"
	"net"
	"sync"
	"time"
)

// Client is one configured connection. It is safe for concurrent use.
type Client struct {
	config Config
	dialer *dialer
	slots  chan struct{} // one token per command that may run
	looks  chan struct{} // held by a look at a job; these don't wait for commands
	dials  chan struct{} // held while dialling, so that waiting can end with a context

	mu     sync.Mutex
	link   *link // the one that new sessions use, nil if there is none
	closed bool
	proven bool // a job has run here
}

// New checks the settings without touching the network. Its errors are of kind
// [BadConfig].
func New(c Config) (*Client, error) {
	d, err := newDialer(c)
	if err != nil {
		return nil, err
	}
	c = c.withDefaults()
	d.timeout = c.DialTimeout
	return &Client{
		config: c,
		dialer: d,
		slots:  make(chan struct{}, c.MaxSessions),
		looks:  make(chan struct{}, 1),
		dials:  make(chan struct{}, 1),
	}, nil
}

// Label names the connection in texts: "util server (ops@203.0.113.5)".
func (c *Client) Label() string { return c.dialer.host }

// Address is where the host itself is dialled, after ssh_config had its say.
func (c *Client) Address() string { return c.dialer.hops[len(c.dialer.hops)-1].address() }

// Account names the host and who we are there, whatever people call it: what a
// job's record belongs to.
func (c *Client) Account() string {
	last := c.dialer.hops[len(c.dialer.hops)-1]
	return last.user + "@" + last.address()
}

// Resumable reports whether commands are to run as jobs.
func (c *Client) Resumable() bool { return c.config.Resumable }

// Close closes the connection. Commands that run on it end as [Lost].
func (c *Client) Close() error {
	c.mu.Lock()
	l := c.link
	c.link, c.closed = nil, true
	c.mu.Unlock()
	if l != nil {
		l.close()
	}
	return nil
}

// Check logs in and opens a session without running anything in it: on a key
// with a forced command, anything that we ran would be that command.
func (c *Client) Check(ctx context.Context) error {
	session, err := c.session(ctx)
	if err != nil {
		return err
	}
	session.end()
	return nil
}

// session opens a session on the current connection, or on a new one.
func (c *Client) session(ctx context.Context) (*session, error) {
	l, fresh, err := c.connected(ctx)
	if err != nil {
		return nil, err
	}
	s, err := l.open(ctx)
	if KindOf(err) == Unreachable && !fresh && ctx.Err() == nil {
		// It broke while nobody used it. Nothing has started, so a new one is safe.
		c.forget(l)
		if l, _, err = c.connected(ctx); err != nil {
			return nil, err
		}
		s, err = l.open(ctx)
	}
	return s, err
}

// connected gives a connection that answers, dialling if need be.
func (c *Client) connected(ctx context.Context) (l *link, fresh bool, err error) {
	select {
	case c.dials <- struct{}{}:
		defer func() { <-c.dials }()
	case <-ctx.Done():
		return nil, false, ctx.Err()
	}
	if l := c.current(); l != nil && l.usable(ctx) {
		return l, false, nil
	}
	clients, err := c.dialer.dial(ctx)
	if err != nil {
		return nil, false, err
	}
	l = newLink(c, clients)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		l.close()
		return nil, false, c.dialer.make(Unreachable, "ssh.closed", net.ErrClosed)
	}
	c.link = l
	return l, true, nil
}

func (c *Client) current() *link {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.link
}

// forget makes the next session dial anew.
func (c *Client) forget(l *link) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.link == l {
		c.link = nil
	}
}

// pingTimeout is how long a connection may take to show that it is alive.
const pingTimeout = 5 * time.Second

// Connection is a config node that stands for a client.
type Connection interface{ SSH() *Client }
