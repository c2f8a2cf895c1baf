package server_test

import (
	"net/http"
	"net/netip"
	"testing"

	"toban/internal/app"
	"toban/internal/server"
)

// TestGuessesBehindProxies: behind a proxy on another machine, which is known, a
// guesser slows nobody else; nor does one who writes addresses of others.
func TestGuessesBehindProxies(t *testing.T) {
	for _, c := range []struct {
		name    string
		proxies server.Proxies
		others  int // how a colleague's sign-in goes meanwhile
	}{
		{"known", server.Proxies{netip.MustParsePrefix("10.1.0.0/16")}, http.StatusNoContent},
		{"unknown", nil, http.StatusTooManyRequests},
	} {
		s := newSite(t, func(o *app.Options) { o.Proxies = c.proxies })
		s.token = ""
		signIn := func(password, forwarded string) int {
			resp, _ := s.send("POST", "/auth/session", `{"username":"admin","password":"`+password+`"}`, "Content-Type", "application/json", "X-Forwarded-For", forwarded)
			return resp.StatusCode
		}
		for range 5 {
			if got := signIn("a wrong password", "198.51.100.66, 203.0.113.1, 10.1.2.3"); got != http.StatusForbidden {
				t.Fatalf("%s: a guess gives %d", c.name, got)
			}
		}
		if got := signIn(password, "198.51.100.67, 203.0.113.1, 10.1.2.3"); got != http.StatusTooManyRequests {
			t.Errorf("%s: the guesser isn't slowed: %d", c.name, got)
		}
		if got := signIn(password, "203.0.113.2, 10.1.2.3"); got != c.others {
			t.Errorf("%s: a colleague's sign-in gives %d, want %d", c.name, got, c.others)
		}
	}
}
