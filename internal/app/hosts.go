package app

import (
	"net/netip"
	"slices"
	"strings"

	"toban/internal/locale"
	"toban/internal/server"
)

// names reads host names that are separated by commas.
func names(list string) (hosts []string) {
	for host := range strings.SplitSeq(list, ",") {
		if host = strings.ToLower(strings.Trim(strings.TrimSpace(host), ".")); host != "" {
			hosts = append(hosts, host)
		}
	}
	return hosts
}

// flowPages reads TOBAN_FLOW_PAGES: trusted, or names at which there is nothing but
// flows. One that is also the editor's would protect nobody.
func flowPages(text string, own []string) (p server.FlowPages, err error) {
	if strings.EqualFold(strings.TrimSpace(text), "trusted") {
		return server.FlowPages{Trusted: true}, nil
	}
	p.Hosts = names(text)
	for _, host := range p.Hosts {
		switch {
		case strings.ContainsAny(host, " /:"):
			return p, locale.Errorf("app.bad_flow_host", "host", host)
		case slices.Contains(own, host):
			return p, locale.Errorf("app.shared_host", "host", host)
		}
	}
	return p, nil
}

// proxies reads TOBAN_PROXIES: addresses and networks. All of the world is none: then
// everybody could say to be somebody else.
func proxies(text string) (list server.Proxies, err error) {
	for _, item := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' }) {
		net, err := netip.ParsePrefix(item)
		if addr, addrErr := netip.ParseAddr(item); addrErr == nil {
			net, err = addr.Unmap().WithZone("").Prefix(addr.Unmap().BitLen())
		}
		if err != nil || net.Bits() == 0 {
			return nil, locale.Errorf("app.bad_proxy", "proxy", item)
		}
		list = append(list, net.Masked())
	}
	return list, nil
}
