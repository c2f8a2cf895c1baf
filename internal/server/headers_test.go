package server_test

import (
	"net/http"
	"strings"
	"testing"
)

// TestEveryAnswerIsGuarded: also what no handler answers (an unknown path, another
// method, a redirect to a tidy path) can't be framed, sniffed or run scripts.
func TestEveryAnswerIsGuarded(t *testing.T) {
	s := newSite(t)
	for _, c := range []struct {
		method, path string
		status       int
	}{
		{http.MethodGet, "/", 200}, {http.MethodGet, "/login", 303}, {http.MethodGet, "/runs", 200}, {http.MethodGet, "/questions", 200},
		{http.MethodGet, "/auth/users", 200}, {http.MethodGet, "/auth/account", 200}, {http.MethodGet, "/auth/setup", 403}, {http.MethodGet, "/runs/none", 404},
		{http.MethodGet, "/red//main.js", 307}, {http.MethodGet, "/runs/../flows", 307}, {http.MethodPost, "/runs", 405},
		{http.MethodGet, "/flows/none", 404}, {http.MethodGet, "/api/none", 404}, {http.MethodPost, "/slack/interactive", 401},
	} {
		resp, _ := s.send(c.method, c.path, "", "Accept", "text/html")
		h := resp.Header
		if h.Get("Cross-Origin-Opener-Policy") != "same-origin" || h.Get("Cross-Origin-Resource-Policy") != "same-origin" {
			t.Errorf("%s %s: other sites may hold a window of it, or show a part: %v", c.method, c.path, h)
		}
		if resp.StatusCode != c.status || h.Get("X-Frame-Options") != "DENY" || h.Get("X-Content-Type-Options") != "nosniff" ||
			!strings.HasPrefix(h.Get("Content-Security-Policy"), "default-src 'none'") || strings.Contains(h.Get("Content-Security-Policy"), "script-src 'unsafe") {
			t.Errorf("%s %s: %d %v", c.method, c.path, resp.StatusCode, h)
		}
		if cache := h.Get("Cache-Control"); cache != "no-store" && cache != "private, no-cache" {
			t.Errorf("%s %s may be cached: %q", c.method, c.path, cache)
		}
	}
	if resp, _ := s.send(http.MethodGet, "/metrics", ""); resp.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("the metrics may be cached: %v", resp.Header)
	}
}
