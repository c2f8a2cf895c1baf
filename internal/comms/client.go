package comms

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/coder/websocket"
)

// client is one websocket. Its entries wait in pending until the writer takes them.
type client struct {
	hub  *Hub
	conn *websocket.Conn
	stop context.CancelFunc
	// admit checks the tokens that the client sends, nil: none are needed.
	admit Admit
	ended chan struct{} // holds one token once the client's session is over

	mu      sync.Mutex
	pending []Entry
	wake    chan struct{} // holds one token while something waits
}

// maxRequest bounds what a client may send at once, in bytes.
const maxRequest = 64 << 10

// maxTopic bounds a subscription's pattern.
const maxTopic = 256

// request is what a client sends.
type request struct {
	Subscribe string `json:"subscribe"`
	Auth      string `json:"auth"` // a token
}

// ServeHTTP takes a websocket and serves it until either side closes it.
// Callers authenticate before; a foreign Origin is refused.
func (h *Hub) ServeHTTP(w http.ResponseWriter, r *http.Request) { h.Serve(w, r, true, nil) }

// Serve is ServeHTTP for clients that may say who they are in the channel: one
// that is not known yet hears nothing before admit has taken its token.
func (h *Hub) Serve(w http.ResponseWriter, r *http.Request, known bool, admit Admit) {
	if !known && !h.mayWait() {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	c := &client{hub: h, stop: cancel, admit: admit, ended: make(chan struct{}, 1), wake: make(chan struct{}, 1)}
	defer h.leave(c)
	if known {
		h.join(c) // before the client hears that it is connected: nothing is lost from then on
	}
	var err error
	if c.conn, err = websocket.Accept(w, r, nil); err != nil { // Accept has answered
		h.waited(known)
		return
	}
	defer func() { _ = c.conn.CloseNow() }()
	c.conn.SetReadLimit(maxRequest)
	if !known {
		stop, ok := c.handshake(ctx)
		h.waited(known)
		if !ok {
			return
		}
		defer stop()
	}
	c.serve(ctx)
}

func (c *client) serve(ctx context.Context) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		c.write(ctx)
		c.stop() // a client that can't be written to need not be read
	}()
	c.read(ctx)
	c.stop()
	<-done
}

// read takes the client's subscriptions until the connection ends. What isn't
// one (a heartbeat's answer, multiplayer) is ignored, as Node-RED ignores it.
func (c *client) read(ctx context.Context) {
	for {
		_, data, err := c.conn.Read(ctx)
		if err != nil {
			return
		}
		var req request
		switch err := json.Unmarshal(data, &req); {
		case err != nil:
		case req.Auth != "" && c.admit != nil:
			stop, ok := c.authenticate(ctx, req.Auth)
			if !ok {
				return
			}
			defer stop()
		case req.Subscribe != "" && len(req.Subscribe) <= maxTopic:
			c.hub.replay(c, req.Subscribe)
		}
	}
}

// push queues one entry; the hub holds its lock.
func (c *client) push(e Entry) {
	c.mu.Lock()
	if len(c.pending) >= maxPending {
		c.pending = c.pending[1:]
		c.hub.dropped.Add(1)
	}
	c.pending = append(c.pending, e)
	c.mu.Unlock()
	select {
	case c.wake <- struct{}{}:
	default: // the writer knows
	}
}

// write sends batches until ctx ends or the client fails. Waiting a moment
// before each batch lets a burst go out as one.
func (c *client) write(ctx context.Context) {
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-c.ended:
			_ = c.answer(ctx, authFailed) // it is closed in any case
			return
		case now := <-beat.C:
			c.push(Entry{"hb", json.RawMessage(jsonMillis(now))})
		case <-c.wake:
		}
		if !sleep(ctx, batchEvery) {
			return
		}
		if err := c.send(ctx); err != nil {
			return
		}
	}
}

func (c *client) send(ctx context.Context) error {
	batch := c.take()
	if len(batch) == 0 {
		return nil
	}
	data, err := json.Marshal(batch)
	if err != nil {
		return errors.Join(errors.New("comms: entry is no JSON"), err)
	}
	return c.conn.Write(ctx, websocket.MessageText, data)
}

// take removes the next batch; if more waits, the writer is woken again.
func (c *client) take() []Entry {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := min(len(c.pending), batchSize)
	batch := c.pending[:n:n]
	c.pending = c.pending[n:]
	if len(c.pending) > 0 {
		select {
		case c.wake <- struct{}{}:
		default:
		}
	}
	return batch
}

func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}

func jsonMillis(t time.Time) []byte {
	data, _ := json.Marshal(t.UnixMilli()) // a number always marshals
	return data
}

var _ http.Handler = (*Hub)(nil)
