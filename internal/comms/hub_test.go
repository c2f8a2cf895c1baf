package comms

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/google/go-cmp/cmp"
)

// dial connects a client and waits until the hub knows it.
func dial(t *testing.T, hub *Hub) *websocket.Conn {
	t.Helper()
	srv := httptest.NewServer(hub)
	t.Cleanup(srv.Close)
	t.Cleanup(hub.Close)
	before := hub.Clients()
	conn, _, err := websocket.Dial(t.Context(), srv.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	conn.SetReadLimit(1 << 20)
	t.Cleanup(func() { _ = conn.CloseNow() })
	waitFor(t, func() bool { return hub.Clients() == before+1 })
	return conn
}

func waitFor(t *testing.T, cond func() bool) {
	t.Helper()
	deadline := time.Now().Add(5 * time.Second)
	for !cond() {
		if time.Now().After(deadline) {
			t.Fatal("it did not happen within 5 s")
		}
		time.Sleep(time.Millisecond)
	}
}

func readBatch(t *testing.T, conn *websocket.Conn) []Entry {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	_, data, err := conn.Read(ctx)
	if err != nil {
		t.Fatal(err)
	}
	var batch []Entry
	if err := json.Unmarshal(data, &batch); err != nil {
		t.Fatalf("%s: %v", data, err)
	}
	return batch
}

func publish(t *testing.T, hub *Hub, topic string, data any, retain bool) {
	t.Helper()
	if err := hub.Publish(topic, data, retain); err != nil {
		t.Fatal(err)
	}
}

func TestPublishReachesEveryClient(t *testing.T) {
	hub := &Hub{}
	one, two := dial(t, hub), dial(t, hub)
	publish(t, hub, "debug", map[string]string{"msg": "hi"}, false)
	want := []Entry{{"debug", json.RawMessage(`{"msg":"hi"}`)}}
	for _, conn := range []*websocket.Conn{one, two} {
		if diff := cmp.Diff(want, readBatch(t, conn)); diff != "" {
			t.Error(diff)
		}
	}
}

func TestSubscribingBringsWhatIsRetained(t *testing.T) {
	hub := &Hub{}
	publish(t, hub, "status/n1", map[string]string{"text": "old"}, true)
	publish(t, hub, "status/n1", map[string]string{"text": "new"}, true)
	publish(t, hub, "status/n2", struct{}{}, true)
	publish(t, hub, "status/n2", struct{}{}, false) // no longer retained
	publish(t, hub, "notification/x", struct{}{}, true)

	conn := dial(t, hub)
	if err := conn.Write(t.Context(), websocket.MessageText, []byte(`{"subscribe":"status/#"}`)); err != nil {
		t.Fatal(err)
	}
	want := []Entry{{"status/n1", json.RawMessage(`{"text":"new"}`)}}
	if diff := cmp.Diff(want, readBatch(t, conn)); diff != "" {
		t.Error(diff)
	}
}

func TestBurstGoesOutInBatchesInOrder(t *testing.T) {
	hub := &Hub{}
	conn := dial(t, hub)
	for i := range 120 {
		publish(t, hub, fmt.Sprint(i), i, false)
	}
	var sizes []int
	for next := 0; next < 120; {
		batch := readBatch(t, conn)
		sizes = append(sizes, len(batch))
		for _, e := range batch {
			if e.Topic != fmt.Sprint(next) {
				t.Fatalf("got %s where %d was due", e.Topic, next)
			}
			next++
		}
	}
	for _, n := range sizes {
		if n > batchSize {
			t.Errorf("batches of %v; at most %d fit", sizes, batchSize)
		}
	}
}

// A client that doesn't read costs bounded memory and harms nobody else.
func TestSlowClientLosesTheOldest(t *testing.T) {
	hub := &Hub{}
	c := &client{hub: hub, wake: make(chan struct{}, 1)}
	hub.join(c)
	for i := range maxPending + 3 {
		publish(t, hub, fmt.Sprint(i), i, false)
	}
	if got := hub.Dropped(); got != 3 {
		t.Errorf("%d entries counted as lost, want 3", got)
	}
	if first := c.take()[0].Topic; first != "3" {
		t.Errorf("the oldest entry kept is %s, want 3", first)
	}
}

func TestForeignOriginIsRefused(t *testing.T) {
	srv := httptest.NewServer(&Hub{})
	defer srv.Close()
	header := http.Header{"Origin": {"https://elsewhere.example"}}
	_, resp, err := websocket.Dial(t.Context(), srv.URL, &websocket.DialOptions{HTTPHeader: header})
	if err == nil || resp.StatusCode != http.StatusForbidden {
		t.Errorf("a page from elsewhere got %v, %v", resp, err)
	}
}

func TestCloseDisconnects(t *testing.T) {
	hub := &Hub{}
	conn := dial(t, hub)
	hub.Close()
	if _, _, err := conn.Read(t.Context()); err == nil {
		t.Error("the client can still read")
	}
	waitFor(t, func() bool { return hub.Clients() == 0 })
}

func TestTopicPattern(t *testing.T) {
	for _, tc := range []struct {
		pattern, topic string
		want           bool
	}{
		{"status/#", "status/a/b", true},
		{"status/#", "status", true},
		{"status/#", "statusx", false},
		{"a/+/c", "a/b/c", true},
		{"a/+/c", "a/b/d/c", false},
		{"debug", "debug", true},
		{"a.c", "abc", false},
		{strings.Repeat("(", 50), "x", false},
	} {
		if got := topicPattern(tc.pattern).MatchString(tc.topic); got != tc.want {
			t.Errorf("%s on %s: %v", tc.pattern, tc.topic, got)
		}
	}
}
