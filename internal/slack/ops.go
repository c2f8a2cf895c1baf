package slack

import "toban/internal/locale"

// CheckOps says what people will miss because what has no channel of its own has
// nowhere to go: a question about an unknown outcome in a run that hasn't spoken
// yet, and decisions that nodes wait for. nil: it has a channel, or nobody uses Slack.
func (h *Hub) CheckOps() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	def, connected := h.gateways[""]
	switch {
	case len(h.gateways) == 0, connected && def.cfg.OpsChannel != "":
		return nil
	case connected:
		return locale.Errorf("slack.no_ops_channel")
	}
	return locale.Errorf("slack.no_ops_connection")
}
