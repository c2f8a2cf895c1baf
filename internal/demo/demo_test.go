package demo

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"toban/internal/locale"
)

// The story that README's second command plays, in both languages.
func TestAutomaticStory(t *testing.T) {
	for lang, says := range map[locale.Lang][]string{
		locale.EN: {"s Mail   ", "s Person ", "Stop the server and start it again?", "stopped", "All done.", "The story ended as it should."},
		locale.JA: {"s メール ", "s 担当者 ", "s Slack  ", "サーバーを停止し、起動し直します。", "停止", "作業は完了です。", "期待どおりに終わりました。"},
	} {
		t.Run(string(lang), func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			if err := Run(t.Context(), Options{Auto: true, Lang: lang, Out: &out}); err != nil {
				t.Fatalf("%v\n%s", err, &out)
			}
			for _, text := range says {
				if !strings.Contains(out.String(), text) {
					t.Errorf("the story doesn't tell %q:\n%s", text, &out)
				}
			}
		})
	}
}

func TestPage(t *testing.T) {
	s := &site{log: slog.New(slog.DiscardHandler)}
	t.Cleanup(func() { _ = s.close(t.Context()) })
	h := s.routes()
	get := func(path, acceptLanguage, host, origin string) *httptest.ResponseRecorder {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://127.0.0.1"+path, nil)
		r.RemoteAddr, r.Host = "127.0.0.1:9", host
		r.Header.Set("Accept-Language", acceptLanguage)
		if origin != "" {
			r.Header.Set("Origin", origin)
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w
	}
	const here = "127.0.0.1:1880"
	if page := get("/demo", "ja,en;q=0.5", here, ""); page.Code != http.StatusOK || !strings.Contains(page.Body.String(), "メールが届く") {
		t.Errorf("the page in Japanese: %d %.300s", page.Code, page.Body)
	}
	if page := get("/demo?lang=en", "ja", here, ""); !strings.Contains(page.Body.String(), "A mail arrives") {
		t.Errorf("the page in English: %.300s", page.Body)
	}
	if runs := get("/api/runs", "en", here, ""); runs.Code != http.StatusOK {
		t.Errorf("the demo doesn't sign in: %d %s", runs.Code, runs.Body)
	}
	if r := get("/api/runs", "en", "rebound.example", ""); r.Code != http.StatusForbidden {
		t.Errorf("a rebound name gets %d", r.Code)
	}
	if r := get("/api/runs", "en", here, "http://evil.example"); r.Code != http.StatusForbidden {
		t.Errorf("another site gets %d", r.Code)
	}
}

// TestOtherSitesReachNothing: a page of another site may link to the demo, but its
// pictures and frames don't reach it: not even to begin a new world.
func TestOtherSitesReachNothing(t *testing.T) {
	s := &site{log: slog.New(slog.DiscardHandler)}
	t.Cleanup(func() { _ = s.close(t.Context()) })
	h := s.routes()
	for _, c := range []struct {
		method, path, from, dest string
		status                   int
	}{
		{http.MethodGet, "/demo?lang=en", "cross-site", "image", http.StatusForbidden},
		{http.MethodGet, "/demo?lang=en", "same-site", "iframe", http.StatusForbidden},
		{http.MethodPost, "/demo/mail", "cross-site", "document", http.StatusForbidden},
		{http.MethodGet, "/demo?lang=en", "cross-site", "document", http.StatusOK},
		{http.MethodGet, "/api/runs", "same-origin", "empty", http.StatusOK},
		{http.MethodGet, "/demo", "none", "document", http.StatusOK},
	} {
		r := httptest.NewRequestWithContext(t.Context(), c.method, "http://127.0.0.1:1880"+c.path, nil)
		r.RemoteAddr = "127.0.0.1:9"
		r.Header.Set("Sec-Fetch-Site", c.from)
		r.Header.Set("Sec-Fetch-Dest", c.dest)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != c.status {
			t.Errorf("%v: %d", c, w.Code)
		}
		if w.Code == http.StatusOK && w.Header().Get("X-Frame-Options") != "DENY" {
			t.Errorf("%v can be framed", c)
		}
		if c.status == http.StatusForbidden && s.started() {
			t.Errorf("%v began a world", c)
		}
	}
}

func TestDemoListensHereOnly(t *testing.T) {
	err := Run(t.Context(), Options{Listen: "0.0.0.0:0", Lang: locale.EN, Out: &bytes.Buffer{}})
	if !locale.HasKey(err, "demo.loopback_only") {
		t.Errorf("error: %v", err)
	}
}
