package mailx_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"

	"toban/internal/locale"
	"toban/internal/mailx"
	"toban/internal/sim/mailbox"
	"toban/internal/testparts/dovecot"
	"toban/internal/testparts/testca"
)

// peer is a real mail server to test against.
type peer struct {
	cfg  mailx.Config // plain
	add  func(raw []byte) uint32
	seen func(uid uint32) bool
	all  func() []uint32
}

func eachPeer(t *testing.T, test func(t *testing.T, p peer)) {
	t.Run("memory", func(t *testing.T) {
		s := start(t, mailbox.Options{})
		test(t, peer{plain(s), func(raw []byte) uint32 {
			uid, err := s.AddRaw(mailbox.Inbox, "", raw)
			if err != nil {
				t.Fatal(err)
			}
			return uid
		}, s.Seen, s.All})
	})
	t.Run("dovecot", func(t *testing.T) {
		s := dovecot.Start(t)
		cfg := mailx.Config{Host: s.Host, Port: s.Port, Security: mailx.Plain, User: dovecot.User, Password: dovecot.Password}
		test(t, peer{cfg, func(raw []byte) uint32 { return s.Add(t, raw) },
			func(uid uint32) bool { return s.Seen(t, uid) },
			func() []uint32 { return s.All(t) }})
	})
}

func start(t *testing.T, o mailbox.Options) *mailbox.Server {
	t.Helper()
	s, err := mailbox.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func plain(s *mailbox.Server) mailx.Config {
	return mailx.Config{Host: s.Host(), Port: s.Port(), Security: mailx.Plain, User: s.User(), Password: s.Password()}
}

func dial(t *testing.T, cfg mailx.Config) *mailx.Client {
	t.Helper()
	c, err := mailx.Dial(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func selectInbox(t *testing.T, c *mailx.Client, readOnly bool) mailx.Box {
	t.Helper()
	box, err := c.Select(t.Context(), "INBOX", readOnly)
	if err != nil {
		t.Fatal(err)
	}
	return box
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

var hello = []byte("Subject: hello\r\nMessage-ID: <1@example.com>\r\n\r\nbody\r\n")

func TestFetchingDoesNotMark(t *testing.T) {
	eachPeer(t, func(t *testing.T, p peer) {
		uid := p.add(hello)
		c := dial(t, p.cfg)
		if box := selectInbox(t, c, false); box.UIDValidity == 0 || box.UIDNext != uid+1 {
			t.Errorf("box is %+v", box)
		}
		uids, err := c.Unseen(t.Context(), time.Time{})
		if err != nil || !slices.Equal(uids, []uint32{uid}) {
			t.Fatalf("unseen: %v, %v", uids, err)
		}
		raw, err := c.Fetch(t.Context(), uid)
		must(t, err)
		if string(raw.Data) != string(hello) || raw.Cut || raw.Received.IsZero() {
			t.Errorf("fetched %+v", raw)
		}
		if p.seen(uid) {
			t.Error("the fetch marked the mail")
		}
		must(t, c.MarkSeen(t.Context(), uid))
		if !p.seen(uid) {
			t.Error("MarkSeen did not mark the mail")
		}
		if uids, err = c.Unseen(t.Context(), time.Time{}); err != nil || len(uids) != 0 {
			t.Errorf("still unseen: %v, %v", uids, err)
		}
	})
}

func TestDeleteTakesOnlyItsMails(t *testing.T) {
	eachPeer(t, func(t *testing.T, p peer) {
		a, b, d := p.add(hello), p.add(hello), p.add(hello)
		c := dial(t, p.cfg)
		selectInbox(t, c, false)
		must(t, c.Delete(t.Context(), b))
		if got := p.all(); !slices.Equal(got, []uint32{a, d}) {
			t.Errorf("after Delete: %v", got)
		}
		must(t, c.Delete(t.Context())) // nothing
		if got := p.all(); !slices.Equal(got, []uint32{a, d}) {
			t.Errorf("after Delete without mails: %v", got)
		}
	})
}

func TestMailThatIsGoneIsNoError(t *testing.T) {
	eachPeer(t, func(t *testing.T, p peer) {
		uid := p.add(hello)
		c := dial(t, p.cfg)
		selectInbox(t, c, false)
		other := dial(t, p.cfg)
		selectInbox(t, other, false)
		must(t, other.Delete(t.Context(), uid))
		if raw, err := c.Fetch(t.Context(), uid+100); raw != nil || err != nil {
			t.Errorf("no such UID: %v, %v", raw, err)
		}
		must(t, c.MarkSeen(t.Context(), uid))
		if raw, err := c.Fetch(t.Context(), uid); raw != nil || err != nil {
			t.Errorf("an expunged mail: %v, %v", raw, err)
		}
	})
}

func TestBigMailIsCut(t *testing.T) {
	eachPeer(t, func(t *testing.T, p peer) {
		big := "Subject: big\r\n\r\n" + strings.Repeat("0123456789abcde\n", 1000)
		uid := p.add([]byte(big))
		p.cfg.MaxMail = 4096
		c := dial(t, p.cfg)
		selectInbox(t, c, true)
		raw, err := c.Fetch(t.Context(), uid)
		must(t, err)
		if !raw.Cut || len(raw.Data) != 4096 || raw.Size < int64(len(big)) {
			t.Errorf("cut %v, %d bytes of %d", raw.Cut, len(raw.Data), raw.Size)
		}
		if m := mailx.Parse(raw.Data); m.Subject != "big" || !strings.HasPrefix(m.Text, "0123456789abcde\n") {
			t.Errorf("parsed %q, %.20q", m.Subject, m.Text)
		}
	})
}

func TestArrivedAndSince(t *testing.T) {
	eachPeer(t, func(t *testing.T, p peer) {
		uid := p.add(hello)
		c := dial(t, p.cfg)
		selectInbox(t, c, true)
		dates, err := c.Arrived(t.Context(), []uint32{uid})
		must(t, err)
		if since := time.Since(dates[uid]); since < -time.Minute || since > time.Minute {
			t.Errorf("arrived %v ago", since)
		}
		if none, err := c.Arrived(t.Context(), nil); err != nil || len(none) != 0 {
			t.Errorf("none: %v, %v", none, err)
		}
		uids, err := c.Unseen(t.Context(), time.Now().AddDate(0, 0, 7))
		if err != nil || len(uids) != 0 {
			t.Errorf("unseen since next week: %v, %v", uids, err)
		}
	})
}

func TestEncryption(t *testing.T) {
	s := dovecot.Start(t)
	for name, security := range map[string]mailx.Security{"tls": mailx.TLS, "starttls": mailx.StartTLS, "opportunistic": mailx.Opportunistic} {
		t.Run(name, func(t *testing.T) {
			cfg := mailx.Config{Host: s.Host, Port: s.Port, Security: security, User: dovecot.User, Password: dovecot.Password}
			if security == mailx.TLS {
				cfg.Port = s.TLSPort
			}
			if _, err := mailx.Dial(t.Context(), cfg); !locale.HasKey(err, "mailx.untrusted") {
				t.Errorf("with an unknown authority: %v", err)
			}
			cfg.Roots = s.Roots()
			selectInbox(t, dial(t, cfg), false)
			cfg.Host = "127.0.0.2"
			if _, err := mailx.Dial(t.Context(), cfg); err == nil {
				t.Error("connected under a name that is not in the certificate")
			}
		})
	}
}

func TestOpportunisticGoesOnWithoutEncryption(t *testing.T) {
	cfg := plain(start(t, mailbox.Options{}))
	cfg.Security = mailx.Opportunistic
	selectInbox(t, dial(t, cfg), false)
	cfg.Security = mailx.StartTLS
	if _, err := mailx.Dial(t.Context(), cfg); !locale.HasKey(err, "mailx.no_starttls") {
		t.Errorf("StartTLS with a server that has none: %v", err)
	}
}

func TestRefusedLogins(t *testing.T) {
	no := func(text string) func(string, string) error {
		return func(string, string) error {
			return &imap.Error{Type: imap.StatusResponseTypeNo, Text: text}
		}
	}
	ca := testca.New(t)
	for name, c := range map[string]struct {
		options  mailbox.Options
		password string
		want     string
	}{
		"wrong password": {mailbox.Options{}, "wrong", "mailx.login_refused"},
		"gmail knows the account password": {mailbox.Options{Login: no("Application-specific password required: https://support.google.com/accounts/answer/185833 (Failure)")},
			"demo", "mailx.app_password"},
		"gmail wants a browser":  {mailbox.Options{Login: no("Please log in via your web browser: https://support.google.com/mail/accounts/answer/78754 (Failure)")}, "demo", "mailx.app_password"},
		"no login in clear text": {mailbox.Options{TLS: ca.Server(t, time.Hour, "127.0.0.1"), RequireTLS: true}, "demo", "mailx.login_disabled"},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := plain(start(t, c.options))
			cfg.Password = c.password
			_, err := mailx.Dial(t.Context(), cfg)
			if !locale.HasKey(err, c.want) {
				t.Fatalf("got %v, want %s", err, c.want)
			}
			if strings.Contains(err.Error(), "password wrong") {
				t.Errorf("the error shows the password: %v", err)
			}
		})
	}
}

func TestServersThatCannotBeReached(t *testing.T) {
	ca := testca.New(t)
	implicit := start(t, mailbox.Options{TLS: ca.Server(t, time.Hour, "mail.example.com"), Implicit: true})
	expired := start(t, mailbox.Options{TLS: ca.Server(t, -time.Hour, "127.0.0.1"), Implicit: true})
	with := func(cfg mailx.Config, change func(*mailx.Config)) mailx.Config {
		cfg.Roots = ca.Pool()
		change(&cfg)
		return cfg
	}
	for name, c := range map[string]struct {
		cfg  mailx.Config
		want string
	}{
		"no such host":      {with(plain(implicit), func(c *mailx.Config) { c.Host = "mail.invalid" }), "mailx.unknown_host"},
		"another name":      {with(plain(implicit), func(c *mailx.Config) { c.Security = mailx.TLS }), "mailx.wrong_name"},
		"expired":           {with(plain(expired), func(c *mailx.Config) { c.Security = mailx.TLS }), "mailx.expired"},
		"tls on plain port": {with(plain(start(t, mailbox.Options{})), func(c *mailx.Config) { c.Security = mailx.TLS }), "mailx.not_tls"},
		"plain on tls port": {with(plain(implicit), func(c *mailx.Config) { c.Stall = 100 * time.Millisecond }), "mailx.stalled"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := mailx.Dial(t.Context(), c.cfg)
			if name == "no such host" && locale.HasKey(err, "mailx.unreachable") {
				t.Skip("needs a resolver that answers for names under .invalid")
			}
			if !locale.HasKey(err, c.want) {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}

func TestNobodyListens(t *testing.T) {
	s := start(t, mailbox.Options{})
	cfg := plain(s)
	must(t, s.Close())
	if _, err := mailx.Dial(t.Context(), cfg); !locale.HasKey(err, "mailx.unreachable") {
		t.Errorf("got %v", err)
	}
}

func TestMissingFolderNamesTheOthers(t *testing.T) {
	eachPeer(t, func(t *testing.T, p peer) {
		c := dial(t, p.cfg)
		_, err := c.Select(t.Context(), "Alerts", false)
		if !locale.HasKey(err, "mailx.no_folder") || !strings.Contains(err.Error(), "INBOX") {
			t.Errorf("got %v", err)
		}
		selectInbox(t, c, false) // the connection still works
	})
}

func TestUIDValidityChanges(t *testing.T) {
	s := start(t, mailbox.Options{})
	if _, err := s.Add(mailbox.Unrelated()); err != nil {
		t.Fatal(err)
	}
	before := selectInbox(t, dial(t, plain(s)), false)
	must(t, s.NewUIDValidity())
	after := selectInbox(t, dial(t, plain(s)), false)
	if before.UIDValidity == after.UIDValidity {
		t.Error("UIDVALIDITY stayed the same")
	}
}

func TestCancelEndsAnOperation(t *testing.T) {
	var wrapped *locale.Error
	_, err := mailx.Dial(canceled(t), plain(start(t, mailbox.Options{})))
	if err == nil || errors.As(err, &wrapped) {
		t.Errorf("got %v, want the context's error", err)
	}
}
