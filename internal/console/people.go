package console

import (
	"cmp"
	"context"
	"time"

	"toban/internal/node"
)

// The bounds of one page's names.
const (
	namesWait = 300 * time.Millisecond // for all of them: nobody waits for Slack to read a page
	mostNames = 100
)

// people are the names that were looked up for one page.
type people struct {
	names map[[2]string]string // by connection and id, "" if it couldn't be found
	wait  context.Context      //nolint:containedctx // it is the page's: the time that all names share
	stop  context.CancelFunc
}

// someone is a person as a page shows them: by name, else by their id.
type someone struct{ ID, Name string }

// named finds the name of somebody in Slack.
func (l *look) named(connection, id string) someone {
	p := &l.people
	if p.wait == nil {
		p.names = map[[2]string]string{}
		p.wait, p.stop = context.WithTimeout(l.r.Context(), namesWait)
	}
	key := [2]string{connection, id}
	if _, known := p.names[key]; !known && len(p.names) < mostNames {
		p.names[key] = l.cfg.PersonName(p.wait, connection, id)
	}
	return someone{shorten(id, 100), shorten(cmp.Or(p.names[key], id), 100)}
}

// who names the person of an answer. Slack shows the name that belongs to an id;
// so do we, and what the click called itself comes second.
func (l *look) who(connection string, a node.Answer) string {
	if a.Via == "slack" {
		if p := l.named(connection, a.By.ID); p.Name != p.ID {
			return p.Name
		}
	}
	return shorten(cmp.Or(a.By.Name, a.By.ID), 100)
}

// end lets go of what was waited with.
func (p *people) end() {
	if p.stop != nil {
		p.stop()
	}
}
