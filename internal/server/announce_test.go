package server

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"

	"toban/internal/locale"
	"toban/internal/store"
)

// A client of the live channel hears of runs and questions.
func TestRunsAreAnnounced(t *testing.T) {
	o := NewObserver(locale.EN)
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
	o.RunChanged(store.Run{ID: "r1", Status: "running"})
	o.RunChanged(store.Run{ID: "r1", Status: "waiting"})
	o.QuestionChanged(store.Question{ID: "q1", Run: "r1", State: store.Open})
	var got strings.Builder
	for !strings.Contains(got.String(), QuestionsTopic) {
		_, data, err := conn.Read(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		got.Write(data)
	}
	for _, part := range []string{`"topic":"toban/runs"`, `"id":"r1","status":"waiting"`, `"id":"q1","run":"r1"`, `"more":false`} {
		if !strings.Contains(got.String(), part) {
			t.Errorf("no %s in %s", part, got.String())
		}
	}
	if strings.Contains(got.String(), `"running"`) {
		t.Errorf("an overtaken state is announced: %s", got.String())
	}
}

// A storm is announced in part, and says so.
func TestAStormOfRuns(t *testing.T) {
	var g gathered[int]
	for i := range announceMost + 1 {
		g.put(fmt.Sprint(i), i)
	}
	list, more := g.take()
	if len(list) != announceMost || !more {
		t.Errorf("%d announced, more %v", len(list), more)
	}
	if list, more = g.take(); len(list) != 0 || more {
		t.Errorf("announced again: %v, %v", list, more)
	}
}

// Without a listener nothing is gathered and no timer runs.
func TestNobodyListens(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := NewObserver(locale.EN)
		o.RunChanged(store.Run{ID: "r1"})
		if o.news.planned || len(o.news.runs.order) > 0 {
			t.Error("a run was gathered")
		}
	})
}
