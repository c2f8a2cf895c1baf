package slack

import (
	"context"
	"encoding/json"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"
)

// maxSockets is how many connections Slack gives one app.
const maxSockets = 10

// socket is one open Socket Mode connection.
type socket struct {
	conn *websocket.Conn
	// deaf sockets look open but swallow what is sent ("ghost sockets").
	deaf atomic.Bool

	mu   sync.Mutex
	acks map[string]chan json.RawMessage // by envelope id; gets the response payload
}

func (w *Workspace) connectionsOpen(q request) (reply, error) {
	if len(w.sockets) >= maxSockets {
		return nil, refuse("too_many_websockets")
	}
	ticket := w.newID("ticket")
	w.tickets[ticket] = true
	scheme := "ws://"
	if q.r.TLS != nil {
		scheme = "wss://"
	}
	return reply{"url": scheme + q.r.Host + "/socket/" + ticket}, nil
}

func (w *Workspace) acceptSocket(rw http.ResponseWriter, r *http.Request) {
	w.mu.Lock()
	good := w.tickets[r.PathValue("ticket")]
	delete(w.tickets, r.PathValue("ticket")) // a URL opens one socket
	w.mu.Unlock()
	if !good {
		http.NotFound(rw, r)
		return
	}
	conn, err := websocket.Accept(rw, r, &websocket.AcceptOptions{InsecureSkipVerify: true}) // clients send Slack's origin
	if err != nil {
		return
	}
	s := &socket{conn: conn, acks: map[string]chan json.RawMessage{}}
	w.mu.Lock()
	w.sockets[s] = true
	count := len(w.sockets)
	w.mu.Unlock()
	defer func() {
		w.mu.Lock()
		delete(w.sockets, s)
		w.mu.Unlock()
		_ = conn.CloseNow()
	}()
	ctx, stop := context.WithCancel(r.Context())
	defer stop()
	if wsjson.Write(ctx, conn, w.hello(count)) != nil {
		return
	}
	go w.ping(ctx, conn)
	s.readAcks(ctx)
}

func (w *Workspace) hello(count int) any {
	return map[string]any{
		"type": "hello", "num_connections": count,
		"debug_info":      map[string]any{"host": "applink-sim", "build_number": 1, "approximate_connection_time": 18060},
		"connection_info": map[string]any{"app_id": w.cfg.AppID},
	}
}

// ping pings until ctx ends; clients take a socket without pings for dead. The
// first one comes at once, because a client may count from its own start.
func (w *Workspace) ping(ctx context.Context, conn *websocket.Conn) {
	tick := time.NewTicker(w.cfg.PingInterval)
	defer tick.Stop()
	for {
		if conn.Ping(ctx) != nil {
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// readAcks takes acknowledgements until the socket ends.
func (s *socket) readAcks(ctx context.Context) {
	for {
		var ack struct {
			ID      string          `json:"envelope_id"`
			Payload json.RawMessage `json:"payload"`
		}
		if wsjson.Read(ctx, s.conn, &ack) != nil {
			return
		}
		s.mu.Lock()
		waiting := s.acks[ack.ID]
		delete(s.acks, ack.ID)
		s.mu.Unlock()
		if waiting != nil {
			waiting <- ack.Payload
		}
	}
}

// send delivers an envelope and gives the channel that gets its acknowledgement.
func (s *socket) send(ctx context.Context, id, kind string, payload json.RawMessage) (<-chan json.RawMessage, error) {
	acked := make(chan json.RawMessage, 1)
	s.mu.Lock()
	s.acks[id] = acked
	s.mu.Unlock()
	if s.deaf.Load() {
		return acked, nil
	}
	return acked, wsjson.Write(ctx, s.conn, map[string]any{
		"envelope_id": id, "type": kind, "accepts_response_payload": true, "payload": payload,
	})
}

// Sockets is the number of open Socket Mode connections.
func (w *Workspace) Sockets() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.sockets)
}

// AwaitSocket waits until at least n Socket Mode connections are open.
func (w *Workspace) AwaitSocket(ctx context.Context, n int) error {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for w.Sockets() < n {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// Disconnect asks every client to reconnect, as Slack does every few hours
// (reason "refresh_requested", or "warning" ahead of it), then closes the sockets.
func (w *Workspace) Disconnect(ctx context.Context, reason string) {
	for _, s := range w.open() {
		_ = wsjson.Write(ctx, s.conn, map[string]any{
			"type": "disconnect", "reason": reason, "debug_info": map[string]any{"host": "applink-sim"},
		})
		if reason != "warning" {
			_ = s.conn.Close(websocket.StatusNormalClosure, reason)
		}
	}
}

// Cut breaks every socket without a word.
func (w *Workspace) Cut() {
	for _, s := range w.open() {
		_ = s.conn.CloseNow()
	}
}

// Deafen turns the open sockets into ghosts: clients keep them, but what is sent to them is lost.
func (w *Workspace) Deafen() {
	for _, s := range w.open() {
		s.deaf.Store(true)
	}
}

func (w *Workspace) open() []*socket {
	w.mu.Lock()
	defer w.mu.Unlock()
	var all []*socket
	for s := range w.sockets {
		all = append(all, s)
	}
	return all
}
