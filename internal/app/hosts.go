package app

import (
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
