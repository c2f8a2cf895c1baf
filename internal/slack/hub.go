package slack

import (
	"cmp"
	"context"
	"log/slog"
	"sync"
	"time"

	"toban/internal/locale"
	"toban/internal/node"
)

// Hub holds the gateways of all connections and shows questions through them.
// The default connection has the id "". It is safe for concurrent use.
type Hub struct {
	log      *slog.Logger
	defaults Config // what a connection doesn't say itself: APIURL, Lang, Zone

	mu       sync.Mutex
	gateways map[string]*served
	answerer node.Answerer
	ctx      context.Context // of Run, nil while it isn't running
	running  sync.WaitGroup
}

// served is a gateway and how to stop it.
type served struct {
	*Gateway
	stop context.CancelFunc // nil while it isn't running
}

// NewHub makes a hub. def is the default connection; without a bot token there
// is none, and its APIURL, Lang and Zone still serve the others.
func NewHub(def Config, log *slog.Logger) *Hub {
	h := &Hub{log: log, defaults: def, gateways: map[string]*served{}}
	if def.BotToken != "" {
		h.Connect("", def)
	}
	return h
}

// SetAnswerer says who takes the answers. Clicks that come before get a private
// reply that asks to try again.
func (h *Hub) SetAnswerer(a node.Answerer) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.answerer = a
}

func (h *Hub) answers() node.Answerer {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.answerer
}

// Run serves all connections, also those that are added later, until ctx ends.
// It returns once everything has stopped.
func (h *Hub) Run(ctx context.Context) error {
	h.mu.Lock()
	h.ctx = ctx
	for _, s := range h.gateways {
		h.start(s)
	}
	h.mu.Unlock()
	<-ctx.Done()
	h.mu.Lock()
	h.ctx = nil
	h.mu.Unlock()
	h.running.Wait()
	return nil
}

// start runs a gateway if the hub runs. h.mu is held.
func (h *Hub) start(s *served) {
	if h.ctx == nil || h.ctx.Err() != nil {
		return
	}
	ctx, stop := context.WithCancel(h.ctx)
	s.stop = stop
	h.running.Go(func() { s.run(ctx) })
}

// Connect adds a connection, or changes it. One that is the same goes on
// undisturbed, so that a deploy doesn't drop its socket.
func (h *Hub) Connect(id string, c Config) *Gateway {
	c.APIURL = cmp.Or(c.APIURL, h.defaults.APIURL)
	c.Lang = cmp.Or(c.Lang, h.defaults.Lang, locale.EN)
	if c.Zone == nil {
		c.Zone = cmp.Or(h.defaults.Zone, time.Local)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if known, ok := h.gateways[id]; ok {
		if known.cfg == c {
			return known.Gateway
		}
		known.end()
	}
	s := &served{Gateway: newGateway(id, c, h.answers, h.log)}
	h.gateways[id] = s
	h.start(s)
	return s.Gateway
}

// Disconnect ends a connection.
func (h *Hub) Disconnect(id string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if s, ok := h.gateways[id]; ok {
		s.end()
		delete(h.gateways, id)
	}
}

func (s *served) end() {
	if s.stop != nil {
		s.stop()
	}
}

// gateway finds a connection, or says how to make it.
func (h *Hub) gateway(id string) (*Gateway, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if s, ok := h.gateways[id]; ok {
		return s.Gateway, nil
	}
	if id == "" {
		return nil, locale.Errorf("slack.no_default")
	}
	return nil, locale.Errorf("slack.no_connection", "id", id)
}

// Check says at deploy what is known to be wrong with a connection: that it
// isn't there, that its token was refused, and, if answers are wanted, that none
// can come in.
func (h *Hub) Check(id string, answers bool) error {
	g, err := h.gateway(id)
	if err != nil {
		return err
	}
	if err := g.cfg.Check(); err != nil {
		return err
	}
	if answers {
		if err := g.cfg.TakesAnswers(); err != nil {
			return err
		}
	}
	if err := g.Err(); RefusedToken(err) {
		return err
	}
	return nil
}

// OpsChannel is a connection's channel for what has none of its own, "" if there is none.
func (h *Hub) OpsChannel(id string) string {
	g, err := h.gateway(id)
	if err != nil {
		return ""
	}
	return g.cfg.OpsChannel
}

// Post shows an open question in its channel.
func (h *Hub) Post(ctx context.Context, c node.Card) (string, error) {
	g, err := h.gateway(c.Question.Connection)
	if err != nil {
		return "", err
	}
	return g.postCard(ctx, c)
}

// Find looks for the card of a question in its channel. "" without an error: it is
// not there, or Slack doesn't let us see (no scope, not a member, no connection).
func (h *Hub) Find(ctx context.Context, c node.Card) (string, error) {
	g, err := h.gateway(c.Question.Connection)
	if err != nil {
		return "", nil //nolint:nilerr // without a connection there is nothing to be seen, and nothing to be mended
	}
	return g.findCard(ctx, c)
}

// Update makes a posted card show how its question stands.
func (h *Hub) Update(ctx context.Context, c node.Card, ref string) error {
	g, err := h.gateway(c.Question.Connection)
	if err != nil {
		return err
	}
	return g.updateCard(ctx, c, ref)
}

// Note posts a text, in the thread of the message ref if there is one. The text
// may use Slack's marks, but can't mention or link.
func (h *Hub) Note(ctx context.Context, connection, channel, ref, text string) error {
	g, err := h.gateway(connection)
	if err != nil {
		return err
	}
	thread := ""
	if ref != "" {
		if channel, thread, err = place(ref); err != nil {
			return err
		}
	}
	if channel = cmp.Or(channel, g.cfg.OpsChannel); channel == "" {
		return locale.Errorf("slack.no_channel")
	}
	return explain(g.postTexts(ctx, channel, thread, splitText(escapeOwn(text), maxText), mark{}, time.Time{}), channel)
}

var _ node.Desk = (*Hub)(nil)
