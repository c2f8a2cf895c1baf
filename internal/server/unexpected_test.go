package server_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"toban/internal/app"
)

var errorID = regexp.MustCompile(`error ([a-z2-7]{8})`)

// TestUnexpectedErrors: who doesn't look after the server is told an id, by which the
// log has the whole; an administrator is told both.
func TestUnexpectedErrors(t *testing.T) {
	dir, logged := t.TempDir(), &strings.Builder{}
	s := newSite(t, func(o *app.Options) { o.DataDir, o.Log = dir, slog.New(slog.NewTextHandler(logged, nil)) })
	s.want(201, "POST", "/api/users", `{"name":"hanako","role":"viewer","password":"hanako's password"}`)
	viewer := s.cookieOf("hanako", "hanako's password")
	users := filepath.Join(dir, "users.json")
	if err := errors.Join(os.Remove(users), os.MkdirAll(filepath.Join(users, "in the way"), 0o700)); err != nil {
		t.Fatal(err)
	}
	full := s.want(500, "POST", "/api/users", `{"name":"jiro","role":"viewer","password":"jiro's password"}`)
	if !strings.Contains(full, users) {
		t.Fatalf("the administrator isn't told what failed: %s", full)
	}
	s.told(full, logged)
	s.token = ""
	form := url.Values{"old": {"hanako's password"}, "password": {"another password"}, "again": {"another password"}}.Encode()
	for _, accept := range []string{"text/html", "application/json"} {
		short := s.want(500, "POST", "/auth/account", form, "Cookie", viewer, "Origin", s.url, "Accept", accept, "Content-Type", "application/x-www-form-urlencoded")
		if strings.Contains(short, dir) {
			t.Errorf("a viewer is told %s", short)
		}
		s.told(short, logged)
	}

	// The pages of the console, and the API, when the database can't be read.
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	for _, path := range []string{"/runs", "/api/runs"} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Cookie", viewer)
		w := &answer{header: http.Header{}}
		s.app.Handler().ServeHTTP(w, req.WithContext(gone))
		if w.status != 500 || strings.Contains(w.body.String(), "context canceled") {
			t.Errorf("%s: %d %s", path, w.status, &w.body)
		}
		s.told(w.body.String(), logged)
	}
}

// told finds the id of an error in an answer and in the log.
func (s *site) told(answer string, logged *strings.Builder) {
	s.t.Helper()
	m := errorID.FindStringSubmatch(answer)
	if m == nil || !strings.Contains(logged.String(), "error="+m[1]) {
		s.t.Errorf("no id of the log in %s\nlog: %s", answer, logged)
	}
}

// answer is a ResponseWriter.
type answer struct {
	header http.Header
	status int
	body   strings.Builder
}

func (a *answer) Header() http.Header         { return a.header }
func (a *answer) WriteHeader(status int)      { a.status = status }
func (a *answer) Write(b []byte) (int, error) { return a.body.Write(b) }
