package server_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/coder/websocket"
)

// cookieOf signs in as an open page does and gives the Cookie header.
func (s *site) cookieOf(name, password string) string {
	s.t.Helper()
	resp, body := s.send("POST", "/auth/session", `{"username":"`+name+`","password":"`+password+`"}`, "Content-Type", "application/json", "Authorization", "")
	if resp.StatusCode != http.StatusNoContent {
		s.t.Fatalf("%s can't sign in: %d %s", name, resp.StatusCode, body)
	}
	return "toban_session=" + resp.Cookies()[0].Value
}

// TestChannelByCookie: browsers add the cookie to every websocket that any page
// opens, so the page must be ours. The channel closes with the session.
func TestChannelByCookie(t *testing.T) {
	s := newSite(t)
	s.want(201, "POST", "/api/users", `{"name":"hanako","role":"viewer","password":"hanako's password"}`)
	cookie := s.cookieOf("hanako", "hanako's password")
	dial := func(headers ...string) (*websocket.Conn, int) {
		t.Helper()
		h := http.Header{"Cookie": {cookie}}
		for i := 0; i < len(headers); i += 2 {
			h.Set(headers[i], headers[i+1])
		}
		conn, resp, err := websocket.Dial(t.Context(), s.url+"/comms", &websocket.DialOptions{HTTPHeader: h})
		if resp == nil {
			t.Fatal(err)
		}
		return conn, resp.StatusCode
	}
	for name, headers := range map[string][]string{
		"no Origin":                 nil,
		"no Origin, but a word":     {"Sec-Fetch-Site", "same-origin"},
		"another site":              {"Origin", "https://evil.example"},
		"another port of this host": {"Origin", "http://127.0.0.1:1"},
		"a page that hides":         {"Origin", "null"},
	} {
		if conn, status := dial(headers...); conn != nil || status != http.StatusForbidden {
			t.Errorf("%s: %d", name, status)
		}
	}
	conn, status := dial("Origin", s.url)
	if conn == nil {
		t.Fatalf("our own page: %d", status)
	}
	defer func() { _ = conn.CloseNow() }()
	s.want(204, "DELETE", "/api/users/hanako", "")
	c := &channel{t: t, conn: conn}
	for range 100 { // what was on its way
		if _, err := c.read(); err != nil {
			return
		}
	}
	t.Error("the channel outlives the user")
}

// TestChangesByCookie: the same for everything that changes something.
func TestChangesByCookie(t *testing.T) {
	s := newSite(t)
	s.want(201, "POST", "/api/users", `{"name":"hanako","role":"viewer","password":"hanako's password"}`)
	admin, viewer := s.cookieOf("admin", password), s.cookieOf("hanako", "hanako's password")
	s.token = ""
	s.want(403, "POST", "/flows", "[]", "Cookie", admin)
	s.want(403, "POST", "/flows", "[]", "Cookie", admin, "Origin", "https://evil.example")
	s.want(204, "POST", "/flows", "[]", "Cookie", admin, "Origin", s.url)
	s.want(204, "POST", "/flows", "[]", "Cookie", admin, "Sec-Fetch-Site", "same-origin")
	s.want(200, "GET", "/flows", "", "Cookie", viewer)
	if got := s.want(403, "POST", "/flows", "[]", "Cookie", viewer, "Origin", s.url); !strings.Contains(got, "hanako") || !strings.Contains(got, "administrator") {
		t.Errorf("a viewer deploys: %s", got)
	}
	s.want(303, "POST", "/auth/logout", "", "Cookie", admin, "Origin", s.url)
	s.want(401, "GET", "/flows", "", "Cookie", admin)
}
