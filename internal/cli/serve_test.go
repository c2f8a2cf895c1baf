package cli

import (
	"bytes"
	"context"
	"net"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"toban/internal/locale"
	simslack "toban/internal/sim/slack"
)

// until collects what is printed and calls done once it holds a text.
type until struct {
	mu   sync.Mutex
	out  bytes.Buffer
	text string
	done func()
}

func (u *until) Write(p []byte) (int, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	n, err := u.out.Write(p)
	if strings.Contains(u.out.String(), u.text) {
		u.done()
	}
	return n, err
}

// serveUntil runs the server and stops it as Ctrl-C does once it has printed a text.
func serveUntil(t *testing.T, text string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	out := &until{text: text, done: cancel}
	var errs bytes.Buffer
	code = Run(ctx, append([]string{"serve"}, args...), Env{Stdout: out, Stderr: &errs, Lang: locale.EN})
	return code, out.out.String(), errs.String()
}

func TestServe(t *testing.T) {
	for _, name := range []string{"TOBAN_ADMIN_PASSWORD", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "TOBAN_STORE", "TOBAN_TZ"} {
		t.Setenv(name, "")
	}
	dir := t.TempDir()
	code, out, errs := serveUntil(t, "/auth/setup?token=", "--data", dir, "--listen", "127.0.0.1:0")
	if code != exitOK || !strings.Contains(out, "http://127.0.0.1:") || !strings.Contains(out, "toban slack manifest") {
		t.Fatalf("exit code %d\n%s%s", code, out, errs)
	}
	if _, err := os.Stat(filepath.Join(dir, "toban.db")); err != nil {
		t.Error(err)
	}
	if strings.Contains(errs, "token") {
		t.Errorf("the set-up link stands in the log, too:\n%s", errs)
	}
	// Each start has a link of its own, until there is a password.
	if _, again, _ := serveUntil(t, "/auth/setup?token=", "--data", dir, "--listen", "127.0.0.1:0"); link(again) == link(out) {
		t.Errorf("the same link again:\n%s", again)
	}
	t.Setenv("TOBAN_ADMIN_PASSWORD", "an admin's password")
	if _, set, _ := serveUntil(t, "listens", "--data", dir, "--listen", "127.0.0.1:0", "--rehearse"); strings.Contains(set, "setup") {
		t.Errorf("a link in spite of the password:\n%s", set)
	}
}

// Without an ops channel the start says once what people will miss, in their language.
func TestServeWarnsOfNoOpsChannel(t *testing.T) {
	workspace := httptest.NewServer(simslack.New(simslack.Config{Channels: []simslack.Channel{{ID: "C1", Name: "ops"}}}))
	t.Cleanup(func() { workspace.CloseClientConnections(); workspace.Close() })
	for name, value := range map[string]string{"TOBAN_ADMIN_PASSWORD": "", "TOBAN_STORE": "", "TOBAN_TZ": "", "SLACK_BOT_TOKEN": simslack.DefaultBotToken,
		"SLACK_APP_TOKEN": simslack.DefaultAppToken, "SLACK_API_URL": workspace.URL + "/api/"} {
		t.Setenv(name, value)
	}
	for ops, want := range map[string]int{"": 1, "ops": 0} {
		t.Setenv("TOBAN_OPS_CHANNEL", ops)
		_, out, errs := serveUntil(t, "/auth/setup?token=", "--data", t.TempDir(), "--listen", "127.0.0.1:0")
		if got := strings.Count(out+errs, "Set TOBAN_OPS_CHANNEL"); got != want {
			t.Errorf("ops channel %q: %d warnings, want %d:\n%s%s", ops, got, want, out, errs)
		}
	}
}

// link is the path and token of the set-up link in an output.
func link(out string) string {
	_, rest, _ := strings.Cut(out, "/auth/setup?")
	return strings.Fields(rest)[0]
}

// A server that listens everywhere names an address that one can open.
func TestReachable(t *testing.T) {
	for _, addr := range []string{"0.0.0.0:1880", "[::]:1880"} {
		host, port, err := net.SplitHostPort(reachable(addr))
		if ip := net.ParseIP(host); err != nil || port != "1880" || ip == nil || ip.IsUnspecified() {
			t.Errorf("%s is reached at %s", addr, reachable(addr))
		}
	}
	for _, addr := range []string{"127.0.0.1:1880", "[::1]:80", "192.0.2.1:1"} {
		if reachable(addr) != addr {
			t.Errorf("%s is reached at %s", addr, reachable(addr))
		}
	}
}

func TestServeFailures(t *testing.T) {
	for name, tc := range map[string]struct {
		args []string
		want string
	}{
		"no such address": {[]string{"--listen", "256.0.0.1:1"}, "256.0.0.1"},
		"no such store":   {[]string{"--store", "postgres://x"}, "postgres://x"},
	} {
		code, _, errs := serveUntil(t, "listens", append(tc.args, "--data", t.TempDir())...)
		if code != exitFailed || !strings.Contains(errs, tc.want) {
			t.Errorf("%s: exit code %d, %s", name, code, errs)
		}
	}
	t.Setenv("TOBAN_TZ", "Mars/Olympus")
	if code, _, errs := serveUntil(t, "listens", "--data", t.TempDir()); code != exitFailed || !strings.Contains(errs, "Mars/Olympus") {
		t.Errorf("a time zone that isn't: exit code %d, %s", code, errs)
	}
}
