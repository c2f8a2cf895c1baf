package server

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"toban/internal/auth"
	"toban/internal/locale"
)

// guard makes the handler of a route: bounds first, then where the request
// comes from, then who sends it and what they may do.
func (s *Server) guard(rt route) http.Handler {
	limit := rt.body
	if limit == 0 {
		limit = smallBody
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, limit)
		v, err := s.admit(rt, r)
		r = r.WithContext(auth.With(r.Context(), v.person))
		if err == nil {
			err = s.serve(rt, v, w, r)
		}
		if err != nil {
			s.turnAway(w, r, err)
		}
	})
}

// secure sets the headers that every answer of ours has, unless its handler knows
// better. The referrer policy isn't no-referrer, because browsers then hide the
// Origin of forms.
func secure(h http.Header) {
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
}

// admit says who sends a request, or why it is refused.
func (s *Server) admit(rt route, r *http.Request) (visitor, error) {
	if rt.access == signed {
		return visitor{}, nil
	}
	if err := s.sameSite(r); err != nil {
		return visitor{}, err
	}
	v := s.visitor(r)
	if rt.access == public {
		return v, nil
	}
	if !v.person.Known() && rt.introduced && introducesItself(r) {
		return v, nil
	}
	if !v.person.Known() {
		return v, fail(http.StatusUnauthorized, "unauthorized", locale.Errorf("server.unauthorized"))
	}
	if v.cookie && !tellsItsPage(r) {
		return v, fail(http.StatusForbidden, "forbidden", locale.Errorf("server.no_origin"))
	}
	if !v.person.Role.May(rt.access.action()) {
		return v, fail(http.StatusForbidden, "forbidden", locale.Errorf("server.may_not", "name", v.person.Name, "role", v.person.Role))
	}
	return v, nil
}

// serve answers in the visitor's name. A look that goes on (a live stream) ends
// with the visitor's session.
func (s *Server) serve(rt route, v visitor, w http.ResponseWriter, r *http.Request) error {
	if v.renewed && v.cookie {
		s.setCookie(w, r, v.token)
	}
	if r.Method == http.MethodGet && v.person.Known() {
		ctx, cancel := context.WithCancel(r.Context())
		defer cancel()
		defer s.cfg.Auth.Watch(v.token, cancel)()
		r = r.WithContext(ctx)
	}
	return rt.handler(w, r)
}

// turnAway answers with an error: people get a page, and are shown where to
// sign in if they have to; programs get JSON.
func (s *Server) turnAway(w http.ResponseWriter, r *http.Request, err error) {
	f := s.failureOf(r, err)
	switch people := wantsPage(r); {
	case people && f.status == http.StatusUnauthorized:
		redirect(w, loginPath+"?to="+url.QueryEscape(comeBack(r)))
	case people:
		s.showProblem(w, r, f)
	default:
		if f.status == http.StatusUnauthorized {
			w.Header().Set("WWW-Authenticate", "Bearer")
		}
		s.refuse(w, r, f)
	}
}

// comeBack is where to go after signing in: the page that was asked for, or
// that has the form that was sent.
func comeBack(r *http.Request) string {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return r.URL.RequestURI()
	}
	if from, err := url.Parse(r.Referer()); err == nil && from.Host == r.Host {
		return from.RequestURI()
	}
	return "/"
}

// sameSite refuses requests that a page of another site makes the browser send:
// by the browser's own word (Sec-Fetch-Site, Origin), and by a Host that isn't
// ours, which is how a name that was rebound to this machine shows.
func (s *Server) sameSite(r *http.Request) error {
	if err := s.crossOrigin.Check(r); err != nil {
		return fail(http.StatusForbidden, "forbidden", locale.Errorf("server.cross_origin"))
	}
	if !s.ownHost(r.Host) {
		return fail(http.StatusForbidden, "forbidden", locale.Errorf("server.foreign_host", "host", hostName(r.Host)))
	}
	return nil
}

// tellsItsPage reports whether a browser says which page a request comes from;
// sameSite then has checked it, and the websocket checks its Origin itself. A
// cookie alone proves nothing, because browsers add it to whatever they send.
func tellsItsPage(r *http.Request) bool {
	if r.Header.Get("Origin") != "" {
		return true
	}
	if r.Header.Get("Upgrade") != "" {
		return false
	}
	safe := r.Method == http.MethodGet || r.Method == http.MethodHead
	return safe || r.Header.Get("Sec-Fetch-Site") != ""
}

// wantsPage reports whether a person's browser wants to show a page: it follows
// a link or sends a form. A script may read HTML, too.
func wantsPage(r *http.Request) bool {
	if !strings.Contains(r.Header.Get("Accept"), "text/html") {
		return false
	}
	if mode := r.Header.Get("Sec-Fetch-Mode"); mode != "" {
		return mode == "navigate"
	}
	scripted := func(name string) bool { return r.Header.Get(name) != "" }
	return !slices.ContainsFunc([]string{"X-Requested-With", "Authorization", "Node-RED-API-Version"}, scripted)
}

// ownHost accepts addresses, which can't be rebound, localhost, and the names
// that the operator lists; not those that the operator gives to flows.
func (s *Server) ownHost(host string) bool {
	name := hostName(host)
	if s.flowsOnly(host) {
		return false
	}
	if _, err := netip.ParseAddr(name); err == nil {
		return true
	}
	return name == "localhost" || strings.HasSuffix(name, ".localhost") || slices.Contains(s.cfg.Hosts, name)
}

func hostName(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return strings.ToLower(strings.TrimSuffix(strings.Trim(host, "[]"), "."))
}
