package slack

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"toban/internal/locale"
	"toban/internal/node"
	sim "toban/internal/sim/slack"
)

func TestClickOverHTTP(t *testing.T) {
	d := newDesk(t, sim.Config{})
	srv := httptest.NewServer(d.Interactive())
	defer srv.Close()
	_, ref := d.ask(t, "q1", nil)
	payload, err := d.w.Payload(sim.Click{Channel: "general", TS: ts(t, ref), Button: "承認", User: "U0ALEX"})
	if err != nil {
		t.Fatal(err)
	}
	send := func(change func(*http.Request)) int {
		t.Helper()
		req, err := d.w.SignedRequest(t.Context(), srv.URL, payload)
		if err != nil {
			t.Fatal(err)
		}
		if change != nil {
			change(req)
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		return resp.StatusCode
	}
	header := func(name, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(name, value) }
	}
	stale := func(by time.Duration) func(*http.Request) {
		return func(r *http.Request) {
			old := sim.New(sim.Config{Now: func() time.Time { return time.Now().Add(by) }})
			signed, _ := old.SignedRequest(t.Context(), srv.URL, payload)
			r.Header, r.Body = signed.Header, signed.Body
		}
	}
	refused := map[string]func(*http.Request){
		"no signature":      func(r *http.Request) { r.Header.Del("X-Slack-Signature") },
		"no time":           func(r *http.Request) { r.Header.Del("X-Slack-Request-Timestamp") },
		"another signature": header("X-Slack-Signature", "v0="+strings.Repeat("0", 64)),
		"a short signature": header("X-Slack-Signature", "v0=00"),
		"another version":   header("X-Slack-Signature", "v1="+strings.Repeat("0", 64)),
		"too old":           stale(-6 * time.Minute),
		"too new":           stale(6 * time.Minute),
		"a changed body": func(r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			r.Body = io.NopCloser(bytes.NewReader(bytes.Replace(body, []byte("yes"), []byte("no!"), 1)))
		},
		"another secret": func(r *http.Request) {
			signed, _ := sim.New(sim.Config{SigningSecret: "other"}).SignedRequest(t.Context(), srv.URL, payload)
			r.Header = signed.Header
		},
	}
	for name, change := range refused {
		if got := send(change); got != http.StatusUnauthorized {
			t.Errorf("%s: %d", name, got)
		}
	}
	if resp, _ := http.Get(srv.URL); resp.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("GET: %d", resp.StatusCode)
	}
	if len(d.done) != 0 {
		t.Fatal("a refused request counted")
	}
	var first http.Header
	if got := send(func(r *http.Request) { first = r.Header.Clone() }); got != http.StatusOK {
		t.Fatalf("a good request: %d", got)
	}
	<-d.done
	if got := send(func(r *http.Request) { r.Header = first }); got != http.StatusOK || d.calls != 1 {
		t.Errorf("a replay: %d, the engine was asked %d times", got, d.calls)
	}
}

// A workspace without Socket Mode delivers its clicks to the request URL.
func TestRequestURL(t *testing.T) {
	var hub *Hub
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { hub.Interactive().ServeHTTP(w, r) }))
	defer front.Close()
	d := newDesk(t, sim.Config{RequestURL: front.URL + "/slack/interactive"})
	hub = d.Hub
	_, ref := d.ask(t, "q1", nil)
	d.click(t, ref, "否認", "U0ALEX")
	if a := <-d.done; a.Choice != 1 || a.By.ID != "U0ALEX" {
		t.Errorf("answer %+v", a)
	}
}

func TestHTTPOnlyWorkspace(t *testing.T) {
	w := sim.New(sim.Config{})
	api := httptest.NewServer(w)
	defer api.Close()
	h := NewHub(Config{BotToken: sim.DefaultBotToken, APIURL: api.URL + "/api"}, slog.New(slog.DiscardHandler))
	if err := h.Check("", true); !locale.HasKey(err, "slack.no_way_in") {
		t.Errorf("no way in: %v", err)
	}
	if err := h.Check("", false); err != nil {
		t.Error(err)
	}
}

func TestConnections(t *testing.T) {
	d := newDesk(t, sim.Config{})
	cfg := Config{BotToken: sim.DefaultBotToken, AppToken: sim.DefaultAppToken, OpsChannel: "ops"}
	first := d.Connect("c1", cfg)
	if err := d.w.AwaitSocket(t.Context(), 2); err != nil {
		t.Fatal(err)
	}
	if d.Connect("c1", cfg) != first {
		t.Error("a deploy that changes nothing must not reconnect")
	}
	if d.OpsChannel("c1") != "ops" || d.OpsChannel("none") != "" {
		t.Error("ops channel")
	}
	d.Disconnect("c1")
	deadline := time.Now().Add(10 * time.Second)
	for d.w.Sockets() != 1 {
		if time.Now().After(deadline) {
			t.Fatal("the socket of a removed connection stays open")
		}
		time.Sleep(5 * time.Millisecond)
	}
	_, err := d.Post(t.Context(), node.Card{ID: "q", Question: node.Question{Connection: "c1"}})
	if !locale.HasKey(err, "slack.no_connection") {
		t.Errorf("got %v", err)
	}
}

func TestRefusedToken(t *testing.T) {
	w := sim.New(sim.Config{})
	api := httptest.NewServer(w)
	defer api.Close()
	h := NewHub(Config{BotToken: "xoxb-wrong", AppToken: "xapp-1", APIURL: api.URL + "/api/"}, slog.New(slog.DiscardHandler))
	if err := h.gateways[""].Authenticate(t.Context()); !RefusedToken(err) {
		t.Errorf("got %v", err)
	}
	if err := h.Check("", false); !locale.HasKey(err, "slack.invalid_auth") {
		t.Errorf("known at deploy: %v", err)
	}
	for want, c := range map[string]Config{
		"slack.no_bot_token": {}, "slack.bot_token_kind": {BotToken: "xapp-1"}, "slack.app_token_kind": {BotToken: "xoxb-1", AppToken: "xoxb-2"},
	} {
		if err := c.Check(); !locale.HasKey(err, want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	if err := NewHub(Config{}, slog.New(slog.DiscardHandler)).Check("", false); !locale.HasKey(err, "slack.no_default") {
		t.Errorf("got %v", err)
	}
}

func FuzzReadClick(f *testing.F) {
	f.Add(`{"type":"block_actions","actions":[{"block_id":"toban:q:1","action_id":"a:0"}],"user":{"id":"U1"}}`)
	f.Add(`{"type":"block_actions","actions":[null],"user":3}`)
	f.Fuzz(func(t *testing.T, payload string) {
		if c, ok := readClick(payload); ok {
			if c.choice < 0 || c.question == "" {
				t.Errorf("%+v", c)
			}
			legacyPayload(c.raw)
		}
	})
}
