package mailx

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"slices"
	"strings"

	"github.com/emersion/go-imap/v2"

	"toban/internal/locale"
)

var errLoginDisabled = errors.New("login disabled without encryption")

// explainDial makes an error of the TCP connection one for a person.
func explainDial(cfg Config, err error) error {
	if errors.Is(err, context.Canceled) {
		return err
	}
	if dns, ok := errors.AsType[*net.DNSError](err); ok && dns.IsNotFound {
		return about(cfg, "mailx.unknown_host", err)
	}
	return about(cfg, "mailx.unreachable", err)
}

// explain makes the error of an operation one for a person. What is wrapped
// stays reachable for errors.As.
func (c *Client) explain(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if key := bounded(c.conn.reason()); key != "" {
		return about(c.cfg, key, err)
	}
	return about(c.cfg, c.key(err), err)
}

// bounded gives the text for an operation that this side ended.
func bounded(why error) string {
	switch {
	case errors.Is(why, errStalled), errors.Is(why, errTooSlow):
		return "mailx.stalled"
	case errors.Is(why, errTooMuch):
		return "mailx.too_much"
	}
	return ""
}

func (c *Client) key(err error) string {
	if key := certificateKey(err); key != "" {
		return key
	}
	if _, ok := errors.AsType[tls.RecordHeaderError](err); ok {
		return "mailx.not_tls"
	}
	if errors.Is(err, errLoginDisabled) {
		return "mailx.login_disabled"
	}
	refusal, ok := errors.AsType[*imap.Error](err)
	if !ok {
		return "mailx.lost"
	}
	switch {
	case c.imap == nil:
		return "mailx.no_starttls"
	case c.imap.State() == imap.ConnStateNotAuthenticated:
		return c.loginKey(refusal)
	}
	return "mailx.refused"
}

func certificateKey(err error) string {
	if _, ok := errors.AsType[x509.HostnameError](err); ok {
		return "mailx.wrong_name"
	}
	if invalid, ok := errors.AsType[x509.CertificateInvalidError](err); ok && invalid.Reason == x509.Expired {
		return "mailx.expired"
	}
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return "mailx.untrusted"
	}
	return ""
}

// loginKey tells Gmail's refusals of an account password from a wrong one.
// Gmail answers "Application-specific password required" or "Web login
// required" when it knows the password, else only "Invalid credentials".
func (c *Client) loginKey(refusal *imap.Error) string {
	text := strings.ToLower(refusal.Text)
	for _, sign := range []string{"application-specific password", "answer/185833", "web login required", "via your web browser"} {
		if strings.Contains(text, sign) {
			return "mailx.app_password"
		}
	}
	host := strings.ToLower(c.cfg.Host)
	if strings.HasSuffix(host, "gmail.com") || strings.HasSuffix(host, "googlemail.com") {
		return "mailx.app_password"
	}
	return "mailx.login_refused"
}

func about(cfg Config, key string, cause error) error {
	return locale.Errorf(key, "server", cfg.address(), "host", cfg.Host, "user", cfg.User).Because(cause)
}

func isNo(err error) bool {
	refusal, ok := errors.AsType[*imap.Error](err)
	return ok && refusal.Type == imap.StatusResponseTypeNo
}

// noFolder names the folders that there are.
func (c *Client) noFolder(ctx context.Context, folder string, cause error) error {
	names := c.folders(ctx)
	return locale.Errorf("mailx.no_folder", "folder", folder, "server", c.cfg.address(),
		"folders", strings.Join(names, ", ")).Because(cause)
}

const foldersShown = 20

func (c *Client) folders(ctx context.Context) (names []string) {
	_ = c.do(ctx, func() error { // only decorates an error
		list, err := c.imap.List("", "*", nil).Collect()
		for _, box := range list {
			if !slices.Contains(box.Attrs, imap.MailboxAttrNoSelect) && len(names) < foldersShown {
				names = append(names, box.Mailbox)
			}
		}
		return err
	})
	return names
}
