package slack

import (
	"net/url"
	"strings"
)

// Permalink gives the address of a message in Slack by where it stands, "" as
// long as the workspace's own address isn't known.
func (h *Hub) Permalink(connection, ref string) string {
	g, err := h.gateway(connection)
	if err != nil {
		return ""
	}
	channel, ts, err := place(ref)
	if err != nil {
		return ""
	}
	g.mu.Lock()
	self := g.self
	g.mu.Unlock()
	if self == nil {
		return ""
	}
	base, err := url.Parse(self.URL)
	if err != nil || base.Scheme != "https" && base.Scheme != "http" || base.Host == "" {
		return ""
	}
	return base.JoinPath("archives", channel, "p"+strings.ReplaceAll(ts, ".", "")).String()
}
