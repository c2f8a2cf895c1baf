package mailx

import (
	"context"
	"crypto/tls"
	"errors"
	"net"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// Client is one logged-in connection. It is for one goroutine at a time.
type Client struct {
	cfg  Config
	conn *guarded
	imap *imapclient.Client
	box  Box
}

// Dial connects and logs in. The caller must Close the client.
func Dial(ctx context.Context, cfg Config) (*Client, error) {
	cfg = cfg.withDefaults()
	c, err := connect(ctx, cfg)
	if err != nil {
		return nil, err
	}
	if err := c.login(ctx); err != nil {
		c.abort()
		return nil, err
	}
	return c, nil
}

func connect(ctx context.Context, cfg Config) (*Client, error) {
	if cfg.Security != Opportunistic {
		return dialOnce(ctx, cfg)
	}
	cfg.Security = StartTLS
	c, err := dialOnce(ctx, cfg)
	if _, refused := errors.AsType[*imap.Error](err); refused {
		cfg.Security = Plain
		return dialOnce(ctx, cfg)
	}
	return c, err
}

func dialOnce(ctx context.Context, cfg Config) (*Client, error) {
	dialer := net.Dialer{Timeout: cfg.Stall}
	raw, err := dialer.DialContext(ctx, "tcp", cfg.address())
	if err != nil {
		return nil, explainDial(cfg, err)
	}
	c := &Client{cfg: cfg, conn: newGuarded(raw)}
	if err := c.do(ctx, func() error { return c.greet(ctx) }); err != nil {
		_ = raw.Close()
		return nil, err
	}
	return c, nil
}

// greet sets up encryption and reads the server's greeting.
func (c *Client) greet(ctx context.Context) (err error) {
	config := &tls.Config{ServerName: c.cfg.Host, RootCAs: c.cfg.Roots, MinVersion: tls.VersionTLS12}
	switch c.cfg.Security {
	case StartTLS:
		c.imap, err = imapclient.NewStartTLS(c.conn, &imapclient.Options{TLSConfig: config})
		return err
	case TLS:
		config.NextProtos = []string{"imap"}
		secure := tls.Client(c.conn, config)
		if err := secure.HandshakeContext(ctx); err != nil {
			return err
		}
		c.imap = imapclient.New(secure, nil)
	default:
		c.imap = imapclient.New(c.conn, nil)
	}
	return c.imap.WaitGreeting()
}

func (c *Client) login(ctx context.Context) error {
	return c.do(ctx, func() error {
		if c.imap.Caps().Has(imap.CapLoginDisabled) {
			return errLoginDisabled
		}
		return c.imap.Login(c.cfg.User, c.cfg.Password).Wait()
	})
}

// Close logs out politely, but doesn't wait long for it.
func (c *Client) Close() error {
	polite := c.cfg
	polite.Stall, polite.Limit = byeTime, byeTime
	stop := c.conn.watch(context.Background(), polite, responseBudget)
	defer stop()
	_ = c.imap.Logout().Wait() // the connection goes away in any case
	c.abort()
	return nil
}

// abort drops the connection and waits for the library's reader to end.
func (c *Client) abort() {
	c.conn.kill(errCanceled)
	_ = c.imap.Close() // reports only how the connection ended
}
