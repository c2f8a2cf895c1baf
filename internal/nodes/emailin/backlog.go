package emailin

import (
	"toban/internal/locale"
	"toban/internal/node"
)

// askFrom is how many unread mails a new folder may hold without a question.
const askFrom = 20

// The options of a backlog. They are names of the API.
const (
	All         = "all"           // handle all unread mails
	OnlyFromNow = "only-from-now" // leave what is there unread, for ever
)

// backlog is what was found in a folder that is new to the node.
type backlog struct {
	count int
	next  uint32 // UID from which on mails are new
}

// choice is a person's decision.
type choice struct {
	option string
	next   uint32
}

// Pending gives the question about the backlog.
func (n *Node) Pending() (node.Decision, bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.pending == nil {
		return node.Decision{}, false
	}
	pairs := []any{"count", n.pending.count, "box", n.Box, "user", n.mail.User, "server", n.mail.Host}
	return node.Decision{
		About:    n.mailboxName(),
		Question: say("emailin.backlog", pairs...),
		Options: []node.Option{
			{Name: All, Label: say("emailin.all", pairs...), Means: say("emailin.all_means", pairs...)},
			{Name: OnlyFromNow, Label: say("emailin.only_from_now", pairs...), Means: say("emailin.only_from_now_means", pairs...)},
		},
	}, true
}

// Choose decides about the backlog; polling goes on at once.
func (n *Node) Choose(option string) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.pending == nil {
		return node.ErrNotPending
	}
	if option != All && option != OnlyFromNow {
		return node.ErrNoOption
	}
	n.chosen, n.pending = &choice{option, n.pending.next}, nil
	select {
	case n.wake <- struct{}{}:
	default: // a wake-up is waiting already
	}
	return nil
}

// ask shows the question, with the numbers of the latest look. The log has it once.
func (n *Node) ask(b backlog) {
	n.mu.Lock()
	first := n.pending == nil
	if n.chosen == nil {
		n.pending = &b
	}
	n.mu.Unlock()
	if first {
		n.env.Log(node.Warn, locale.Errorf("emailin.backlog_waits", "node", n.env.Label(), "count", b.count, "box", n.Box,
			"user", n.mail.User, "server", n.mail.Host))
	}
	n.status("yellow", "ring", func(lang locale.Lang) string {
		return lang.Text("emailin.backlog_status", "count", b.count)
	})
}

// decision gives what was chosen, nil if nothing was.
func (n *Node) decision() *choice {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.chosen
}

// decided withdraws question and decision once the beginning is stored.
func (n *Node) decided() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.pending, n.chosen = nil, nil
}
