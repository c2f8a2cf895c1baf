package server

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"toban/internal/auth"
	"toban/internal/locale"
)

// guarded is a server that knows an admin and a viewer, but nothing behind its guard.
type guarded struct {
	*Server
	tokens map[auth.Role]string
}

func newGuarded(t *testing.T, dir string) *guarded {
	t.Helper()
	keeper, err := auth.Open(auth.Options{Dir: dir, AdminPassword: "an admin's password", Lang: locale.EN})
	if err != nil {
		t.Fatal(err)
	}
	g := &guarded{&Server{cfg: Config{Auth: keeper, Lang: locale.EN}, crossOrigin: http.NewCrossOriginProtection()}, map[auth.Role]string{}}
	if err := keeper.Add("viewer", auth.Viewer, ""); err != nil {
		t.Fatal(err)
	}
	for role, name := range map[auth.Role]string{auth.Admin: auth.AdminName, auth.Viewer: "viewer"} {
		if g.tokens[role], err = keeper.NewToken(name); err != nil {
			t.Fatal(err)
		}
	}
	return g
}

// ask sends a request to a route and tells whether its handler was reached, and by whom.
func (g *guarded) ask(rt route, headers map[string]string) (status int, by auth.Person, reached bool) {
	rt.handler = func(w http.ResponseWriter, r *http.Request) error {
		by, reached = auth.PersonFrom(r.Context()), true
		return nil
	}
	method, path, _ := strings.Cut(rt.pattern, " ")
	r := httptest.NewRequest(method, "http://127.0.0.1"+strings.NewReplacer("{$}", "", "{", "", "}", "", "...", "").Replace(path), nil)
	for name, value := range headers {
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	g.guard(rt).ServeHTTP(w, r)
	return w.Code, by, reached
}

// TestRoutesAreClosed walks the whole table: every route lets in whom it says,
// and what isn't listed here as open refuses whoever hasn't signed in.
func TestRoutesAreClosed(t *testing.T) {
	open := []string{
		"GET /healthz", "GET /auth/login", "POST /auth/token", "POST /auth/session", "POST /slack/interactive",
		"GET /login", "POST /login", "POST /auth/logout", "GET /auth/setup", "POST /auth/setup",
	}
	g := newGuarded(t, t.TempDir())
	for _, rt := range g.routes() {
		isOpen := rt.access >= public
		if isOpen && !slices.Contains(open, rt.pattern) && !asset(rt.pattern) {
			t.Errorf("%s is open", rt.pattern)
		}
		for _, header := range []string{"", "Bearer", "Bearer ", "Bearer x", "Basic eDp5"} {
			status, by, reached := g.ask(rt, map[string]string{"Authorization": header})
			if reached != isOpen || by.Known() || !isOpen && status != http.StatusUnauthorized {
				t.Errorf("%s for nobody (%q): %d, reached: %v", rt.pattern, header, status, reached)
			}
		}
		for role, want := range map[auth.Role]bool{auth.Admin: true, auth.Viewer: isOpen || rt.access == view} {
			status, by, reached := g.ask(rt, map[string]string{"Authorization": "Bearer " + g.tokens[role]})
			if reached != want || !want && status != http.StatusForbidden {
				t.Errorf("%s for the %s: %d, reached: %v", rt.pattern, role, status, reached)
			}
			if reached && by.Role != role && rt.access != signed {
				t.Errorf("%s for the %s is made by %v", rt.pattern, role, by)
			}
		}
	}
}

// asset reports the files that the pages before the sign-in need.
func asset(pattern string) bool { return strings.HasPrefix(pattern, "GET /console/") }

// TestViewersOnlyLook: a viewer's routes are all of the kind that changes nothing.
func TestViewersOnlyLook(t *testing.T) {
	own := []string{"POST /auth/revoke", "POST /auth/account", "POST /settings/user"} // what concerns the viewer alone
	for _, rt := range newGuarded(t, t.TempDir()).routes() {
		if rt.access == view && !strings.HasPrefix(rt.pattern, "GET ") && !slices.Contains(own, rt.pattern) {
			t.Errorf("%s is for viewers", rt.pattern)
		}
	}
}

// TestCookieNeedsItsPage: browsers add the cookie to whatever they send, so a
// change, or a live channel, needs their word for the page that it comes from.
func TestCookieNeedsItsPage(t *testing.T) {
	g := newGuarded(t, t.TempDir())
	cookie := cookieName + "=" + g.tokens[auth.Admin]
	for _, c := range []struct {
		name, pattern string
		headers       []string
		want          bool
	}{
		{"look", "GET /api/runs", nil, true},
		{"change without a word", "POST /flows", nil, false},
		{"change from our page", "POST /flows", []string{"Origin", "http://127.0.0.1"}, true},
		{"change from our page, by fetch metadata", "POST /flows", []string{"Sec-Fetch-Site", "same-origin"}, true},
		{"change from another port", "POST /flows", []string{"Origin", "http://127.0.0.1:8080"}, false},
		{"change from a page that hides", "POST /flows", []string{"Origin", "null"}, false},
		{"change from another site", "DELETE /flow/x", []string{"Sec-Fetch-Site", "cross-site"}, false},
		{"change from a subdomain", "PUT /flow/x", []string{"Sec-Fetch-Site", "same-site", "Origin", "http://127.0.0.1"}, false},
		{"live channel from our page", "GET /comms", []string{"Upgrade", "websocket", "Origin", "http://127.0.0.1"}, true},
		{"live channel without a word", "GET /comms", []string{"Upgrade", "websocket"}, false},
		{"live channel without an Origin", "GET /comms", []string{"Upgrade", "websocket", "Sec-Fetch-Site", "same-origin"}, false},
		{"with a token, too", "POST /flows", []string{"Authorization", "Bearer " + g.tokens[auth.Admin]}, true},
		{"with a wrong token, too", "POST /flows", []string{"Authorization", "Bearer x", "Origin", "http://127.0.0.1"}, false},
		{"behind a proxy's password", "POST /flows", []string{"Authorization", "Basic eDp5", "Origin", "http://127.0.0.1"}, true},
	} {
		headers := map[string]string{"Cookie": cookie}
		for i := 0; i < len(c.headers); i += 2 {
			headers[c.headers[i]] = c.headers[i+1]
		}
		if status, _, reached := g.ask(route{pattern: c.pattern, access: view}, headers); reached != c.want {
			t.Errorf("%s: %d, reached: %v", c.name, status, reached)
		}
	}
}

// TestNobodyIsShownWhereToSignIn: people are, and come back; programs and
// scripts get the error.
func TestNobodyIsShownWhereToSignIn(t *testing.T) {
	g := newGuarded(t, t.TempDir())
	const asked = "/runs?status=failed&text=a%26b"
	page := map[string]string{"Accept": "text/html,application/xhtml+xml"}
	for _, c := range []struct {
		name, method string
		headers      map[string]string
		want         int
		back         string
	}{
		{"page", "GET", page, 303, asked},
		{"page of a modern browser", "GET", map[string]string{"Accept": "text/html", "Sec-Fetch-Mode": "navigate"}, 303, asked},
		{"script that reads HTML", "GET", map[string]string{"Accept": "text/html", "Sec-Fetch-Mode": "cors"}, 401, ""},
		{"old script that reads HTML", "GET", map[string]string{"Accept": "text/html", "X-Requested-With": "XMLHttpRequest"}, 401, ""},
		{"program", "GET", map[string]string{"Accept": "*/*"}, 401, ""},
		{"form", "POST", page, 303, "/"},
		{"form of a page", "POST", map[string]string{"Accept": "text/html", "Referer": "http://127.0.0.1/questions/q1?x"}, 303, "/questions/q1?x"},
		{"form of another site", "POST", map[string]string{"Accept": "text/html", "Referer": "http://evil.example/q1"}, 303, "/"},
	} {
		r := httptest.NewRequest(c.method, "http://127.0.0.1"+asked, nil)
		for name, value := range c.headers {
			r.Header.Set(name, value)
		}
		w := httptest.NewRecorder()
		g.guard(route{access: view}).ServeHTTP(w, r)
		if w.Code != c.want {
			t.Errorf("%s: %d", c.name, w.Code)
		}
		to, err := url.Parse(w.Header().Get("Location"))
		if c.want == 303 && (err != nil || to.Path != "/login" || to.Query().Get("to") != c.back) {
			t.Errorf("%s goes to %s", c.name, w.Header().Get("Location"))
		}
	}
}

// TestCookiesSlide: a browser's cookie lasts as long as its session.
func TestCookiesSlide(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		g := newGuarded(t, dir)
		token, err := g.cfg.Auth.SignIn(t.Context(), netip.MustParseAddr("192.0.2.1"), auth.AdminName, "an admin's password")
		if err != nil {
			t.Fatal(err)
		}
		renewed := func() string {
			r := httptest.NewRequest("GET", "http://127.0.0.1/runs", nil)
			r.AddCookie(&http.Cookie{Name: cookieName, Value: token})
			w := httptest.NewRecorder()
			g.guard(route{access: view, handler: func(http.ResponseWriter, *http.Request) error { return nil }}).ServeHTTP(w, r)
			return w.Header().Get("Set-Cookie")
		}
		if got := renewed(); got != "" {
			t.Errorf("at once: %s", got)
		}
		time.Sleep(25 * time.Hour)
		if got := renewed(); !strings.Contains(got, token) || !strings.Contains(got, "Max-Age=604800") || !strings.Contains(got, "HttpOnly") {
			t.Errorf("a day later: %s", got)
		}
	})
}

// TestRoutesAreReserved: no flow may take a path of ours.
func TestRoutesAreReserved(t *testing.T) {
	for _, rt := range (&Server{}).routes() {
		_, path, _ := strings.Cut(rt.pattern, " ")
		if path = strings.TrimSuffix(path, "{$}"); !Reserved(path) {
			t.Errorf("%s is not reserved", path)
		}
	}
}

func TestOwnHost(t *testing.T) {
	s := &Server{cfg: Config{Hosts: []string{"toban.example"}}}
	for host, want := range map[string]bool{
		"127.0.0.1:1880": true, "[::1]:1880": true, "[::1]": true, "10.1.2.3": true, "localhost": true, "LOCALHOST.:80": true,
		"toban.example": true, "TOBAN.example.:443": true,
		"evil.example": false, "toban.example.evil.example": false, "127.0.0.1.evil.example": false, "": false, "localhost.evil": false,
	} {
		if got := s.ownHost(host); got != want {
			t.Errorf("%q: %v", host, got)
		}
	}
}
