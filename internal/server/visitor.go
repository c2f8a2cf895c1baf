package server

import (
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"

	"toban/internal/auth"
)

// loginPath is the page to sign in at.
const loginPath = "/login"

// cookieName is the cookie of a browser's session.
const cookieName = "toban_session"

// visitor is who sends a request.
type visitor struct {
	person  auth.Person // the zero Person if nobody has signed in
	token   string
	cookie  bool // the browser adds the token by itself
	renewed bool
}

// visitor finds out who sends a request: a token in the header counts more than
// the cookie.
func (s *Server) visitor(r *http.Request) visitor {
	v := visitor{token: bearer(r)}
	if v.token == "" {
		if c, err := r.Cookie(cookieName); err == nil {
			v.token, v.cookie = c.Value, true
		}
	}
	if session, ok := s.cfg.Auth.Session(v.token); ok {
		v.person, v.renewed = session.Person, session.Renewed
	}
	return v
}

func bearer(r *http.Request) string {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}

// setCookie gives the browser its session.
func (s *Server) setCookie(w http.ResponseWriter, r *http.Request, token string) {
	c := &http.Cookie{Name: cookieName, Value: token, Path: "/", MaxAge: int(auth.SessionLife.Seconds()),
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: s.cfg.Proxies.encrypted(r)}
	if token == "" {
		c.MaxAge = -1
	}
	http.SetCookie(w, c)
}

func (s *Server) dropCookie(w http.ResponseWriter, r *http.Request) { s.setCookie(w, r, "") }

// asFlowsSee is a request without what stands for a session of ours, which would
// stand in the flows' messages and in the history. What a flow checks itself stays.
func (s *Server) asFlowsSee(r *http.Request) *http.Request {
	seen := withoutCookie(r)
	if _, ours := s.cfg.Auth.Session(bearer(r)); ours {
		seen = seen.Clone(seen.Context())
		seen.Header.Del("Authorization")
	}
	return seen
}

// withoutCookie is a request without our cookie.
func withoutCookie(r *http.Request) *http.Request {
	if !slices.ContainsFunc(r.Header["Cookie"], func(line string) bool { return strings.Contains(line, cookieName) }) {
		return r
	}
	isOurs := func(pair string) bool {
		name, _, _ := strings.Cut(pair, "=")
		return strings.TrimSpace(name) == cookieName
	}
	clean := r.Clone(r.Context())
	clean.Header.Del("Cookie")
	for _, line := range r.Header["Cookie"] {
		rest := strings.Join(slices.DeleteFunc(strings.Split(line, ";"), isOurs), ";") // other cookies stay letter by letter
		if rest = strings.TrimSpace(rest); rest != "" {
			clean.Header.Add("Cookie", rest)
		}
	}
	return clean
}

// ownPath is a place of this server to go to, or "/" if it is none: whoever
// makes a link must not be able to send people to another site, or in a circle.
func ownPath(to string) string {
	odd := func(r rune) bool { return r < ' ' || r == '\\' || r == 0x7f }
	u, err := url.Parse(to)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || strings.ContainsFunc(to, odd) ||
		!strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") {
		return "/"
	}
	switch path.Clean(u.Path) {
	case "/login", "/auth/logout", "/auth/setup":
		return "/"
	}
	return to
}

// redirect sends the browser to a place of ours, which it asks for with GET.
func redirect(w http.ResponseWriter, path string) {
	w.Header().Set("Location", path)
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusSeeOther)
}
