package cli

import (
	"net"
	"net/netip"
)

// reachable is a listening address as one may type it into a browser: a server
// that listens on every address of the machine is named by one of them.
func reachable(addr string) string {
	at, err := netip.ParseAddrPort(addr)
	if err != nil || !at.Addr().IsUnspecified() {
		return addr
	}
	return netip.AddrPortFrom(ownAddress(), at.Port()).String()
}

// ownAddress is an IPv4 address at which other machines may reach this one; the
// loopback address if there is none.
func ownAddress() netip.Addr {
	addrs, _ := net.InterfaceAddrs() // none: the loopback address
	for _, a := range addrs {
		p, err := netip.ParsePrefix(a.String())
		if ip := p.Addr(); err == nil && ip.Is4() && ip.IsGlobalUnicast() {
			return ip
		}
	}
	return netip.AddrFrom4([4]byte{127, 0, 0, 1})
}
