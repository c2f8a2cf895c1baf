package bridge

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/google/go-cmp/cmp"
)

// session is a bridge that a test talks to while it runs.
type session struct {
	t   *testing.T
	b   *bridge
	url string
}

func openSession(t *testing.T, flows string) *session {
	t.Helper()
	b := newBridge(&writer{out: io.Discard})
	t.Cleanup(b.close)
	s := &session{t: t, b: b}
	s.do("load", `{"flows":`+flows+`}`)
	s.url = b.admin.url
	return s
}

func (s *session) do(op, params string) {
	s.t.Helper()
	var req request
	if err := json.Unmarshal([]byte(params), &req.Params); err != nil {
		s.t.Fatal(err)
	}
	if _, err := operations[op](s.b, s.t.Context(), req); err != nil {
		s.t.Fatalf("%s: %v", op, err)
	}
}

func (s *session) post(path, body string) int {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.url+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	_ = resp.Body.Close()
	return resp.StatusCode
}

// sidebar connects to /comms and gives the next batch when asked.
func (s *session) sidebar() func() string {
	s.t.Helper()
	conn, _, err := websocket.Dial(s.t.Context(), s.url+"/comms", nil)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = conn.CloseNow() })
	for s.b.hub.Clients() == 0 {
		time.Sleep(time.Millisecond)
	}
	return func() string {
		ctx, cancel := context.WithTimeout(s.t.Context(), 5*time.Second)
		defer cancel()
		_, data, err := conn.Read(ctx)
		if err != nil {
			s.t.Fatal(err)
		}
		return string(bytes.TrimSpace(data))
	}
}

func TestDebugSidebar(t *testing.T) {
	s := openSession(t, `[{"id":"n1","type":"debug","name":"Debug"}]`)
	next := s.sidebar()
	s.do("receive", `{"node":"n1","msg":{"payload":"test"}}`)
	want := `[{"topic":"debug","data":{"id":"n1","path":"global","name":"Debug","property":"payload","msg":"test","format":"string[4]"}}]`
	if diff := cmp.Diff(want, next()); diff != "" {
		t.Error(diff)
	}
}

func TestDebugSwitch(t *testing.T) {
	s := openSession(t, `[{"id":"n1","type":"debug"},{"id":"h","type":"helper"}]`)
	next := s.sidebar()
	if code := s.post("/debug/n1/disable", ""); code != http.StatusCreated {
		t.Errorf("disable: %d", code)
	}
	s.do("receive", `{"node":"n1","msg":{"payload":"unseen"}}`)
	if code := s.post("/debug/enable", `{"nodes":["n1"]}`); code != http.StatusOK {
		t.Errorf("enable: %d", code)
	}
	s.do("receive", `{"node":"n1","msg":{"payload":"seen"}}`)
	if got := next(); !strings.Contains(got, `"msg":"seen"`) || strings.Contains(got, "unseen") {
		t.Errorf("the sidebar shows %s", got)
	}
	for path, want := range map[string]int{
		"/debug/n1/dance": http.StatusNotFound, "/debug/n9/enable": http.StatusNotFound,
		"/debug/h/enable": http.StatusNotFound, "/debug/disable": http.StatusBadRequest,
	} {
		if code := s.post(path, "{}"); code != want {
			t.Errorf("POST %s: %d, want %d", path, code, want)
		}
	}
}

func TestInject(t *testing.T) {
	s := openSession(t, `[{"id":"f","type":"function","func":"global.set('got',msg.a)"}]`)
	if code := s.post("/inject/f", `{"a":7}`); code != http.StatusOK {
		t.Fatalf("inject: %d", code)
	}
	if code := s.post("/inject/none", ""); code != http.StatusNotFound {
		t.Errorf("a node that isn't there: %d", code)
	}
	if code := s.post("/inject/f", "[1]"); code != http.StatusBadRequest {
		t.Errorf("a body that is no object: %d", code)
	}
	result, err := s.b.contextGet(t.Context(), request{Params: map[string]json.RawMessage{
		"scope": []byte(`"global"`), "node": []byte(`"f"`), "key": []byte(`"got"`),
	}})
	if err != nil || string(result.(json.RawMessage)) != "7" {
		t.Errorf("the node got %s, %v", result, err)
	}
}
