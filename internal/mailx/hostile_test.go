package mailx_test

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"toban/internal/locale"
	"toban/internal/mailx"
	"toban/internal/testparts/dovecot"
)

func canceled(t *testing.T) context.Context {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx
}

// hostile is a server that logs everybody in and answers FETCH as it likes.
func hostile(t *testing.T, fetch func(conn net.Conn, tag string)) mailx.Config {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		conn, err := l.Accept()
		if err != nil {
			return
		}
		defer func() { _ = conn.Close() }()
		_, _ = fmt.Fprint(conn, "* OK [CAPABILITY IMAP4rev1] ready\r\n")
		for lines := bufio.NewScanner(conn); lines.Scan(); {
			tag, rest, _ := strings.Cut(lines.Text(), " ")
			switch {
			case strings.Contains(rest, "FETCH"):
				fetch(conn, tag)
			case strings.HasPrefix(rest, "SELECT"):
				_, _ = fmt.Fprintf(conn, "* 1 EXISTS\r\n* OK [UIDVALIDITY 1] ok\r\n%s OK done\r\n", tag)
			default:
				_, _ = fmt.Fprintf(conn, "%s OK done\r\n", tag)
			}
		}
	}()
	t.Cleanup(func() { _ = l.Close(); <-done })
	return mailx.Config{Host: "127.0.0.1", Port: l.Addr().(*net.TCPAddr).Port, Security: mailx.Plain,
		User: "u", Password: "p", Stall: 200 * time.Millisecond, MaxMail: 64 << 10}
}

func TestHostileServers(t *testing.T) {
	for name, c := range map[string]struct {
		fetch func(conn net.Conn, tag string)
		want  string
	}{
		"silence": {func(net.Conn, string) {}, "mailx.stalled"},
		"stall in the middle of a literal": {func(conn net.Conn, _ string) {
			_, _ = fmt.Fprint(conn, "* 1 FETCH (UID 1 RFC822.SIZE 10 BODY[] {100}\r\nabc")
		}, "mailx.stalled"},
		"a literal of 4 GB": {func(conn net.Conn, _ string) {
			_, _ = fmt.Fprint(conn, "* 1 FETCH (UID 1 RFC822.SIZE 10 BODY[] {4294967295}\r\n")
			flood(conn)
		}, "mailx.too_much"},
		"endless flags": {func(conn net.Conn, _ string) {
			_, _ = fmt.Fprint(conn, "* 1 FETCH (UID 1 FLAGS (")
			flood(conn)
		}, "mailx.too_much"},
		"endless other mails": {func(conn net.Conn, _ string) {
			for {
				if _, err := fmt.Fprint(conn, "* 2 FETCH (UID 2 RFC822.SIZE 10)\r\n"); err != nil {
					return
				}
			}
		}, "mailx.too_much"},
		"hang up": {func(conn net.Conn, _ string) { _ = conn.Close() }, "mailx.lost"},
		"no IMAP": {func(conn net.Conn, _ string) {
			_, _ = fmt.Fprint(conn, "HTTP/1.1 400 Bad Request\r\n\r\n")
			_ = conn.Close()
		}, "mailx.lost"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cfg := hostile(t, c.fetch)
			if c.want != "mailx.stalled" {
				cfg.Stall = time.Minute // a busy machine is no stall
			}
			client := dial(t, cfg)
			selectInbox(t, client, false)
			raw, err := client.Fetch(t.Context(), 1)
			if !locale.HasKey(err, c.want) {
				t.Errorf("got %v, %v, want %s", raw, err, c.want)
			}
		})
	}
}

// flood writes until the client hangs up.
func flood(conn net.Conn) {
	block := []byte(strings.Repeat("x ", 32<<10))
	for {
		if _, err := conn.Write(block); err != nil {
			return
		}
	}
}

// SSL_CERT_FILE is read once in a process, so this test runs itself again as
// another process.
func TestSSLCertFile(t *testing.T) {
	if os.Getenv("MAILX_PORT") != "" {
		port, err := strconv.Atoi(os.Getenv("MAILX_PORT"))
		if err != nil {
			t.Fatal(err)
		}
		dial(t, mailx.Config{Host: "127.0.0.1", Port: port, User: dovecot.User, Password: dovecot.Password})
		return
	}
	s := dovecot.Start(t)
	again := exec.Command(os.Args[0], "-test.run=^TestSSLCertFile$", "-test.v")
	again.Env = append(os.Environ(), "SSL_CERT_FILE="+s.Authority, fmt.Sprintf("MAILX_PORT=%d", s.TLSPort))
	output, err := again.CombinedOutput()
	if err != nil || !strings.Contains(string(output), "--- PASS: TestSSLCertFile") {
		t.Errorf("%v\n%s", err, output)
	}
}
