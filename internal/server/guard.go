package server

import (
	"errors"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"toban/internal/locale"
)

// guard makes the handler of a route: bounds first, then where the request
// comes from, then who sends it.
func (s *Server) guard(rt route) http.Handler {
	limit := rt.body
	if limit == 0 {
		limit = smallBody
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		secure(w.Header())
		r.Body = http.MaxBytesReader(w, r.Body, limit)
		err := s.admit(rt, r)
		if err == nil {
			err = rt.handler(w, r)
		}
		if err != nil {
			if f, ok := errors.AsType[*failure](err); ok && f.status == http.StatusUnauthorized {
				w.Header().Set("WWW-Authenticate", "Bearer")
			}
			s.refuse(w, r, err)
		}
	})
}

func secure(h http.Header) {
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
}

func (s *Server) admit(rt route, r *http.Request) error {
	if rt.access == signed {
		return nil
	}
	if err := s.sameSite(r); err != nil {
		return err
	}
	if rt.access == public || s.tokens.valid(bearer(r)) {
		return nil
	}
	return fail(http.StatusUnauthorized, "unauthorized", locale.Errorf("server.unauthorized"))
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

// ownHost accepts addresses, which can't be rebound, localhost, and the names
// that the operator lists.
func (s *Server) ownHost(host string) bool {
	name := hostName(host)
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

func bearer(r *http.Request) string {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}
