package slack

import (
	"io"
	"net/http"
	"net/url"
	"sync"
	"time"

	slackgo "github.com/slack-go/slack"
)

// maxInteraction bounds what is read of a request. Slack's own are below 100 kB.
const maxInteraction = 1 << 20

// replayAge is how long a request's signature is valid, both ways.
const replayAge = 5 * time.Minute

// Interactive takes clicks over HTTP, for connections that have a signing
// secret; the server mounts it at /slack/interactive. A request must be signed
// by Slack, not older than five minutes, and not seen before. It is answered at
// once; the work comes after.
func (h *Hub) Interactive() http.Handler { return &interactive{hub: h, seen: map[string]time.Time{}} }

type interactive struct {
	hub  *Hub
	mu   sync.Mutex
	seen map[string]time.Time // signatures
}

func (i *interactive) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		http.Error(w, "POST wanted", http.StatusMethodNotAllowed)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxInteraction))
	if err != nil {
		http.Error(w, "too large", http.StatusRequestEntityTooLarge)
		return
	}
	g := i.hub.signer(r.Header, body)
	if g == nil {
		http.Error(w, "bad signature", http.StatusUnauthorized)
		return
	}
	form, err := url.ParseQuery(string(body))
	if err != nil || !form.Has("payload") {
		http.Error(w, "no payload", http.StatusBadRequest)
		return
	}
	w.WriteHeader(http.StatusOK)
	if i.fresh(r.Header.Get("X-Slack-Signature")) {
		i.hub.handleLater(g, form.Get("payload"))
	}
}

// fresh reports whether a signature comes for the first time.
func (i *interactive) fresh(signature string) bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	now := time.Now()
	for s, at := range i.seen {
		if now.Sub(at) > 2*replayAge {
			delete(i.seen, s)
		}
	}
	_, again := i.seen[signature]
	i.seen[signature] = now
	return !again
}

// signer finds the connection whose secret signed the body, nil if none did.
func (h *Hub) signer(header http.Header, body []byte) *Gateway {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, s := range h.gateways {
		if s.cfg.SigningSecret == "" {
			continue
		}
		v, err := slackgo.NewSecretsVerifier(header, s.cfg.SigningSecret)
		if err != nil {
			continue
		}
		_, _ = v.Write(body) // a hash takes everything
		if v.Ensure() == nil {
			return s.Gateway
		}
	}
	return nil
}

// handleLater works on a click that came over HTTP, if the hub runs.
func (h *Hub) handleLater(g *Gateway, payload string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if ctx := h.ctx; ctx != nil && ctx.Err() == nil {
		h.running.Go(func() { g.finish(ctx, payload) })
	}
}
