package slack

import (
	"cmp"
	"context"
	"time"

	slackgo "github.com/slack-go/slack"
)

// Bounds of the names that pages show.
const (
	nameRetry   = time.Minute // before a name is asked for again that Slack didn't give
	nameLookups = 8           // under way at once, of one connection
)

// nameBook is which names are being asked for, and which couldn't be had.
type nameBook struct {
	asking map[string]chan struct{}
	missed map[string]time.Time // when it may be asked for again
}

// PersonName gives the name that Slack shows for a user's id, "" if it isn't
// known. It waits for Slack until ctx ends and no longer; what Slack says later is
// there the next time.
func (h *Hub) PersonName(ctx context.Context, connection, id string) string {
	g, err := h.gateway(connection)
	if err != nil || !userIDs.MatchString(id) {
		return ""
	}
	g.mu.Lock()
	known := g.people[id]
	g.mu.Unlock()
	if time.Now().Before(known.until) {
		return known.name
	}
	answered := h.askName(g, id)
	if answered == nil || known.name != "" { // a name that is old is better than to wait
		return known.name
	}
	select {
	case <-answered:
	case <-ctx.Done():
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.people[id].name
}

// askName begins to ask Slack for a person, unless that is under way. It gives
// what is closed once Slack has answered; nil: it is not asked now.
func (h *Hub) askName(g *Gateway, id string) <-chan struct{} {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.ctx == nil || h.ctx.Err() != nil {
		return nil
	}
	answered, begin := g.noteAsked(id)
	if begin {
		ctx := h.ctx
		h.running.Go(func() {
			g.person(ctx, id)
			g.noteAnswered(id)
		})
	}
	return answered
}

// noteAsked gives what is closed once the name is answered; begin: the caller is
// to ask.
func (g *Gateway) noteAsked(id string) (answered chan struct{}, begin bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if answered = g.names.asking[id]; answered != nil {
		return answered, false
	}
	if len(g.names.asking) == nameLookups || time.Now().Before(g.names.missed[id]) {
		return nil, false
	}
	answered = make(chan struct{})
	g.names.asking[id] = answered
	return answered, true
}

func (g *Gateway) noteAnswered(id string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	close(g.names.asking[id])
	delete(g.names.asking, id)
	if time.Now().Before(g.people[id].until) {
		delete(g.names.missed, id)
		return
	}
	if len(g.names.missed) > 10000 {
		clear(g.names.missed)
	}
	g.names.missed[id] = time.Now().Add(nameRetry)
}

// nameOf is how Slack shows a user.
func nameOf(u *slackgo.User) string {
	return cmp.Or(u.Profile.DisplayName, u.Profile.RealName, u.RealName, u.Name)
}
