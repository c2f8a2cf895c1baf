package server

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"toban/internal/engine"
	"toban/internal/flow"
	"toban/internal/locale"
	"toban/internal/node"
)

// What a node warns of stands in the debug sidebar in the server's language.
func TestWarningsSpeakTheServersLanguage(t *testing.T) {
	o := NewObserver(locale.JA)
	web := httptest.NewServer(&o.hub)
	defer web.Close()
	conn, _, err := websocket.Dial(t.Context(), strings.Replace(web.URL, "http", "ws", 1), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.CloseNow() }()
	for o.hub.Clients() == 0 {
		time.Sleep(time.Millisecond)
	}
	warning := locale.Errorf("server.only_json")
	o.Logged(engine.LogEntry{Level: node.Warn, Node: &flow.Node{ID: "n"}, What: warning})
	_, got, err := conn.Read(t.Context())
	if err != nil || !strings.Contains(string(got), locale.JA.Err(warning)) {
		t.Errorf("%s, %v", got, err)
	}
}
