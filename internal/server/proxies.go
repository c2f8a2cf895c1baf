package server

import (
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// Proxies are the networks of the reverse proxies in front, besides those on this
// machine. Their word counts on where a request comes from: X-Forwarded-For and
// X-Forwarded-Proto, which everybody else may write as they like.
type Proxies []netip.Prefix

// trust reports whether an address is a proxy's.
func (p Proxies) trust(a netip.Addr) bool {
	return a.IsLoopback() || slices.ContainsFunc(p, func(net netip.Prefix) bool { return net.Contains(a) })
}

// encrypted reports whether the browser's own connection is encrypted: here, or
// at a proxy.
func (p Proxies) encrypted(r *http.Request) bool {
	return r.TLS != nil || p.trust(peer(r)) && strings.EqualFold(r.Header.Get("X-Forwarded-Proto"), "https")
}

// remote is where a request comes from. Each proxy adds the address that it sees to
// the end of X-Forwarded-For. So the last one that is no proxy's counts; what stands
// before it the client could have written.
func (p Proxies) remote(r *http.Request) netip.Addr {
	from := peer(r)
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for _, hop := range slices.Backward(hops) {
		if !p.trust(from) {
			break
		}
		addr, ok := address(strings.TrimSpace(hop))
		if !ok {
			break
		}
		from = addr
	}
	return from
}

// peer is the other end of a request's connection.
func peer(r *http.Request) netip.Addr {
	addr, _ := address(r.RemoteAddr) // the zero address is an address, too
	return addr
}

// address reads an address, with or without a port.
func address(text string) (a netip.Addr, ok bool) {
	if host, _, err := net.SplitHostPort(text); err == nil {
		text = host
	}
	a, err := netip.ParseAddr(strings.Trim(text, "[]"))
	return a.Unmap().WithZone(""), err == nil
}
