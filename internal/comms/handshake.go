package comms

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/coder/websocket"
)

// Admit takes a client's token. ended is to be called if the session that the
// token stands for is over before stop is called.
type Admit func(token string, ended func()) (stop func(), ok bool)

// How long, and how many at once, clients may take to say who they are.
const (
	handshakeTime = 10 * time.Second
	maxWaiting    = 64
)

// Node-RED's answers to a token.
const (
	authOK     = `{"auth":"ok"}`
	authFailed = `{"auth":"fail"}`
)

// handshake waits for the client's first word, which has to be its token.
func (c *client) handshake(ctx context.Context) (stop func(), ok bool) {
	word, cancel := context.WithTimeout(ctx, handshakeTime)
	defer cancel()
	_, data, err := c.conn.Read(word)
	if err != nil {
		return nil, false
	}
	var req request
	if json.Unmarshal(data, &req) != nil {
		req.Auth = ""
	}
	return c.authenticate(ctx, req.Auth)
}

// authenticate answers a token. A client whose token is not good is not served any more.
func (c *client) authenticate(ctx context.Context, token string) (stop func(), ok bool) {
	stop, ok = c.admit(token, c.end)
	if !ok {
		if c.answer(ctx, authFailed) == nil {
			_ = c.conn.Close(websocket.StatusPolicyViolation, http.StatusText(http.StatusUnauthorized))
		}
		return nil, false
	}
	c.hub.join(c)
	if c.answer(ctx, authOK) != nil {
		stop()
		return nil, false
	}
	return stop, true
}

// end tells the writer that the session is over.
func (c *client) end() {
	select {
	case c.ended <- struct{}{}:
	default: // it knows
	}
}

func (c *client) answer(ctx context.Context, text string) error {
	ctx, cancel := context.WithTimeout(ctx, handshakeTime)
	defer cancel()
	return c.conn.Write(ctx, websocket.MessageText, []byte(text))
}

// mayWait takes a place among those that have not said who they are.
func (h *Hub) mayWait() bool {
	if h.waiting.Add(1) > maxWaiting {
		h.waiting.Add(-1)
		return false
	}
	return true
}

func (h *Hub) waited(known bool) {
	if !known {
		h.waiting.Add(-1)
	}
}
