package comms

import (
	"encoding/json"
	"maps"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// How entries go out; the figures are Node-RED's.
const (
	batchSize  = 50
	batchEvery = 50 * time.Millisecond
	heartbeat  = 15 * time.Second
)

// maxPending bounds what waits for one client.
const maxPending = 2_000

// Entry is one topic with its data, as it goes over the wire.
type Entry struct {
	Topic string          `json:"topic"`
	Data  json.RawMessage `json:"data,omitempty"`
}

// Hub publishes to all connected clients. The zero Hub is ready to use.
type Hub struct {
	mu       sync.Mutex
	clients  map[*client]struct{}
	retained map[string]json.RawMessage
	dropped  atomic.Int64
	waiting  atomic.Int64 // clients that have not said who they are
}

// Publish sends data, which must marshal to JSON, to every client. retain keeps
// it for clients that subscribe later, in place of what the topic had; without
// it, the topic is retained no more.
func (h *Hub) Publish(topic string, data any, retain bool) error {
	raw, err := json.Marshal(data)
	if err != nil {
		return err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if retain {
		if h.retained == nil {
			h.retained = map[string]json.RawMessage{}
		}
		h.retained[topic] = raw
	} else {
		delete(h.retained, topic)
	}
	for c := range h.clients {
		c.push(Entry{topic, raw})
	}
	return nil
}

// Forget drops the retained topics that gone reports, as after a deploy that
// took their nodes away.
func (h *Hub) Forget(gone func(topic string) bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	maps.DeleteFunc(h.retained, func(topic string, _ json.RawMessage) bool { return gone(topic) })
}

// Clients is the number of connected clients.
func (h *Hub) Clients() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.clients)
}

// Close disconnects every client. Who connects afterwards is served again.
func (h *Hub) Close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for c := range h.clients {
		c.stop()
	}
}

// Dropped counts the entries that clients lost because they didn't keep up.
func (h *Hub) Dropped() int64 { return h.dropped.Load() }

func (h *Hub) join(c *client) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.clients == nil {
		h.clients = map[*client]struct{}{}
	}
	h.clients[c] = struct{}{}
}

func (h *Hub) leave(c *client) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.clients, c)
}

// replay sends what is retained under the pattern to one client.
func (h *Hub) replay(c *client, pattern string) {
	match := topicPattern(pattern)
	h.mu.Lock()
	defer h.mu.Unlock()
	for topic, raw := range h.retained {
		if match.MatchString(topic) {
			c.push(Entry{topic, raw})
		}
	}
}

// topicPattern reads a subscription: + stands for one level, /# for all below.
func topicPattern(pattern string) *regexp.Regexp {
	expr := regexp.QuoteMeta(pattern)
	expr = strings.ReplaceAll(expr, `\+`, `[^/]+`)
	if below, ok := strings.CutSuffix(expr, "/#"); ok {
		expr = below + "(/.*)?"
	}
	return regexp.MustCompile("^" + expr + "$") // quoted, so it compiles
}
