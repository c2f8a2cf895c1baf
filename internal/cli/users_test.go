package cli

import (
	"io"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"

	"toban/internal/app"
	"toban/internal/locale"
)

// realServer is the server itself, which the commands reach as the admin.
func realServer(t *testing.T) {
	t.Helper()
	const password = "an admin's password"
	a, err := app.New(t.Context(), app.Options{DataDir: t.TempDir(), AdminPassword: password, Lang: locale.EN, Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(a.Handler())
	t.Cleanup(func() {
		srv.Close()
		if err := a.Stop(t.Context()); err != nil {
			t.Error(err)
		}
	})
	t.Setenv("TOBAN_URL", srv.URL)
	t.Setenv("TOBAN_TOKEN", "")
	t.Setenv("TOBAN_ADMIN_PASSWORD", password)
}

func TestUsers(t *testing.T) {
	realServer(t)
	for _, c := range []struct {
		stdin string
		args  []string
		code  int
		want  string
	}{
		{"hanako's password\n", []string{"add", "hanako"}, exitOK, "hanako (viewer)"},
		{"hanako's password\n", []string{"add", "hanako"}, exitFailed, "already"},
		{"short\n", []string{"add", "taro", "--role", "admin"}, exitFailed, "at least 10"},
		{"", []string{"add", "taro"}, exitFailed, "stdin"},
		{"", []string{"add", "prometheus", "--no-password"}, exitOK, "prometheus"},
		{"", []string{"ls"}, exitOK, "hanako                    viewer    password"},
		{"another password\n", []string{"passwd", "hanako"}, exitOK, "sign in again"},
		{"another password\n", []string{"passwd", "nobody"}, exitFailed, "no user nobody"},
		{"another password\n", []string{"passwd", "admin"}, exitFailed, "TOBAN_ADMIN_PASSWORD"},
		{"", []string{"rm", "hanako"}, exitOK, "hanako is removed"},
		{"", []string{"rm", "hanako"}, exitFailed, "no user hanako"},
		{"", []string{"token", "nobody"}, exitFailed, "no user nobody"},
	} {
		got := command(t, locale.EN, c.stdin, append([]string{"users"}, c.args...)...)
		if got.code != c.code || !strings.Contains(got.stdout+got.stderr, c.want) {
			t.Errorf("users %v: %+v", c.args, got)
		}
	}
}

// TestUsersToken: a program's token looks, and does nothing else.
func TestUsersToken(t *testing.T) {
	realServer(t)
	command(t, locale.EN, "", "users", "add", "prometheus", "--no-password")
	token := strings.TrimSpace(command(t, locale.EN, "", "users", "token", "prometheus").stdout)
	if got := command(t, locale.EN, "", "users", "ls"); !strings.Contains(got.stdout, "prometheus                viewer     token") {
		t.Errorf("%+v", got)
	}
	if got := command(t, locale.EN, "", "runs", "ls", "--token", token); got.code != exitOK {
		t.Errorf("looking: %+v", got)
	}
	if got := command(t, locale.EN, "", "users", "ls", "--token", token); got.code != exitFailed || !strings.Contains(got.stderr, "viewer") {
		t.Errorf("managing: %+v", got)
	}
	command(t, locale.EN, "", "users", "token", "prometheus") // takes the first one's place
	if got := command(t, locale.EN, "", "runs", "ls", "--token", token); got.code != exitFailed || !strings.Contains(got.stderr, "TOBAN_TOKEN") {
		t.Errorf("an earlier token: %+v", got)
	}
}
