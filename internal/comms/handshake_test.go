package comms

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// door lets in who has the token "good", until it is shut.
type door struct {
	mu      sync.Mutex
	ended   []func()
	stopped int
}

func (d *door) admit(token string, ended func()) (func(), bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if token != "good" {
		return nil, false
	}
	d.ended = append(d.ended, ended)
	return func() { d.mu.Lock(); d.stopped++; d.mu.Unlock() }, true
}

func (d *door) shut() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, f := range d.ended {
		f()
	}
}

// knock connects a client that has not said who it is.
func knock(t *testing.T, hub *Hub, d *door, known bool) *websocket.Conn {
	t.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { hub.Serve(w, r, known, d.admit) }))
	t.Cleanup(srv.Close)
	conn, _, err := websocket.Dial(t.Context(), srv.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.CloseNow() })
	return conn
}

func say(t *testing.T, conn *websocket.Conn, text string) {
	t.Helper()
	if err := conn.Write(t.Context(), websocket.MessageText, []byte(text)); err != nil {
		t.Fatal(err)
	}
}

func hear(t *testing.T, conn *websocket.Conn) (string, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	_, data, err := conn.Read(ctx)
	return string(data), err
}

func wantWord(t *testing.T, conn *websocket.Conn, want string) {
	t.Helper()
	if got, err := hear(t, conn); got != want || err != nil {
		t.Fatalf("heard %s, %v, want %s", got, err, want)
	}
}

func TestGoodTokenIsServed(t *testing.T) {
	hub, d := &Hub{}, &door{}
	publish(t, hub, "status/n1", 1, true)
	conn := knock(t, hub, d, false)
	if hub.Clients() != 0 {
		t.Error("served before it said who it is")
	}
	say(t, conn, `{"auth":"good"}`)
	wantWord(t, conn, authOK)
	say(t, conn, `{"subscribe":"status/#"}`)
	wantWord(t, conn, `[{"topic":"status/n1","data":1}]`)
	d.shut()
	wantWord(t, conn, authFailed)
	if got, err := hear(t, conn); err == nil {
		t.Errorf("heard %s after the session's end", got)
	}
	waitFor(t, func() bool { return hub.Clients() == 0 && hub.waiting.Load() == 0 })
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.stopped != 1 {
		t.Errorf("the session was let go %d times", d.stopped)
	}
}

// Whatever else comes first is no reason to be served.
func TestStrangersHearNothing(t *testing.T) {
	for _, word := range []string{`{"auth":"bad"}`, `{"auth":""}`, `{"subscribe":"status/#"}`, `[]`, `x`, `{"auth":{"a":1}}`} {
		hub, d := &Hub{}, &door{}
		publish(t, hub, "status/n1", 1, true)
		conn := knock(t, hub, d, false)
		say(t, conn, word)
		wantWord(t, conn, authFailed)
		if _, err := hear(t, conn); websocket.CloseStatus(err) != websocket.StatusPolicyViolation {
			t.Errorf("%s: %v", word, err)
		}
		waitFor(t, func() bool { return hub.Clients() == 0 && hub.waiting.Load() == 0 })
	}
}

// Who is known already may send a token too, as Node-RED's own editor does.
func TestKnownClientsToken(t *testing.T) {
	hub, d := &Hub{}, &door{}
	conn := knock(t, hub, d, true)
	say(t, conn, `{"auth":"good"}`)
	wantWord(t, conn, authOK)
	say(t, conn, `{"auth":"bad"}`)
	wantWord(t, conn, authFailed)
	if _, err := hear(t, conn); err == nil {
		t.Error("served with a bad token")
	}
}

func TestFewWaitAtOnce(t *testing.T) {
	hub, d := &Hub{}, &door{}
	for range maxWaiting {
		knock(t, hub, d, false)
	}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { hub.Serve(w, r, false, d.admit) }))
	defer srv.Close()
	if _, resp, err := websocket.Dial(t.Context(), srv.URL, nil); err == nil || resp.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("one too many got %v", resp)
	}
}

func TestForget(t *testing.T) {
	hub := &Hub{}
	publish(t, hub, "status/a", 1, true)
	publish(t, hub, "status/b", 2, true)
	conn := dial(t, hub)
	hub.Forget(func(topic string) bool { return topic == "status/a" })
	say(t, conn, `{"subscribe":"status/#"}`)
	if got := readBatch(t, conn); len(got) != 1 || got[0].Topic != "status/b" {
		t.Errorf("still retained: %v", got)
	}
}
