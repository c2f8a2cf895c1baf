package slack

import (
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"time"
)

// PageMessage is a message as the demo's page shows it.
type PageMessage struct {
	Channel  string        `json:"channel"`
	TS       string        `json:"ts"`
	ThreadTS string        `json:"threadTs,omitempty"`
	User     string        `json:"user"` // a name
	Bot      bool          `json:"bot"`
	Time     time.Time     `json:"time"`
	HTML     template.HTML `json:"html"`
	Edited   bool          `json:"edited,omitempty"`
	Replies  int           `json:"replies,omitempty"`
	Only     string        `json:"only,omitempty"` // the one person who sees it, by id
}

// PageAPI is the workspace for a web page:
//
//	GET  /channels                 [{"id","name"}]
//	GET  /users                    [{"id","name","realName","locale"}]
//	GET  /messages?channel=general [PageMessage], oldest first, ephemeral ones included
//	POST /click                    {"channel","ts","action","user"} as application/json; 204 or {"error"}
//	POST /say                      {"channel","user","text"} as application/json; 204 or {"error"}
//	GET  /stream                   server-sent events; data is {"kind","message":PageMessage}
//
// Mount it with http.StripPrefix. Who may call it is for the caller to decide;
// state changes only by JSON posts, which other sites' forms can't send.
func (w *Workspace) PageAPI() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /channels", w.pageChannels)
	mux.HandleFunc("GET /users", w.pageUsers)
	mux.HandleFunc("GET /messages", w.pageMessages)
	mux.HandleFunc("POST /click", w.pageClick)
	mux.HandleFunc("POST /say", w.pageSay)
	mux.HandleFunc("GET /stream", w.pageStream)
	return mux
}

func (w *Workspace) pageChannels(rw http.ResponseWriter, _ *http.Request) {
	type row struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	}
	rows := []row{}
	for _, c := range w.Channels() {
		rows = append(rows, row{c.ID, c.Name})
	}
	writeJSON(rw, rows)
}

func (w *Workspace) pageUsers(rw http.ResponseWriter, _ *http.Request) {
	type row struct {
		ID       string `json:"id"`
		Name     string `json:"name"`
		RealName string `json:"realName"`
		Locale   string `json:"locale"`
	}
	rows := []row{}
	for _, u := range w.Users() {
		rows = append(rows, row{u.ID, u.Name, u.RealName, u.Locale})
	}
	writeJSON(rw, rows)
}

func (w *Workspace) pageMessages(rw http.ResponseWriter, r *http.Request) {
	channel := r.URL.Query().Get("channel")
	w.mu.Lock()
	c := w.find(channel)
	w.mu.Unlock()
	if c == nil {
		http.NotFound(rw, r)
		return
	}
	rows := []PageMessage{}
	for _, m := range w.Messages(channel) {
		rows = append(rows, w.pageMessage(c.ID, "", m))
	}
	for _, e := range w.Ephemerals() {
		if e.Channel == c.ID {
			rows = append(rows, w.pageMessage(c.ID, e.User, e.Message))
		}
	}
	writeJSON(rw, rows)
}

func (w *Workspace) pageMessage(channel, only string, m Message) PageMessage {
	u, _ := w.user(m.User)
	return PageMessage{
		Channel: channel, TS: m.TS, ThreadTS: m.ThreadTS, User: u.RealName, Bot: u.Bot,
		Time: time.UnixMicro(int64(seconds(m.TS) * 1e6)).UTC(), HTML: w.RenderHTML(channel, m),
		Edited: m.Edited != nil, Replies: m.ReplyCount, Only: only,
	}
}

func (w *Workspace) pageClick(rw http.ResponseWriter, r *http.Request) {
	var c struct{ Channel, TS, Action, User string }
	if !readJSON(rw, r, &c) {
		return
	}
	err := w.Click(r.Context(), Click{Channel: c.Channel, TS: c.TS, Button: c.Action, User: c.User})
	writeOutcome(rw, err)
}

func (w *Workspace) pageSay(rw http.ResponseWriter, r *http.Request) {
	var m struct{ Channel, User, Text string }
	if !readJSON(rw, r, &m) {
		return
	}
	_, err := w.Say(m.User, m.Channel, m.Text)
	writeOutcome(rw, err)
}

func (w *Workspace) pageStream(rw http.ResponseWriter, r *http.Request) {
	out := http.NewResponseController(rw)
	rw.Header().Set("Content-Type", "text/event-stream")
	rw.Header().Set("Cache-Control", "no-store")
	events := w.Subscribe(r.Context())
	alive := time.NewTicker(15 * time.Second)
	defer alive.Stop()
	fmt.Fprint(rw, ": open\n\n")
	for out.Flush() == nil {
		select {
		case e, open := <-events:
			if !open {
				return
			}
			data, _ := json.Marshal(map[string]any{"kind": e.Kind, "message": w.pageMessage(e.Channel, e.User, e.Message)})
			fmt.Fprintf(rw, "data: %s\n\n", data)
		case <-alive.C:
			fmt.Fprint(rw, ": alive\n\n")
		}
	}
}

func readJSON(rw http.ResponseWriter, r *http.Request, into any) bool {
	if r.Header.Get("Content-Type") != "application/json" {
		http.Error(rw, "application/json wanted", http.StatusUnsupportedMediaType)
		return false
	}
	if err := json.NewDecoder(http.MaxBytesReader(rw, r.Body, 64<<10)).Decode(into); err != nil {
		http.Error(rw, "bad JSON", http.StatusBadRequest)
		return false
	}
	return true
}

func writeOutcome(rw http.ResponseWriter, err error) {
	if err == nil {
		rw.WriteHeader(http.StatusNoContent)
		return
	}
	status := http.StatusBadGateway
	if errors.Is(err, ErrNoButton) || errors.Is(err, ErrNoMessage) {
		status = http.StatusGone // the card changed since the page showed it
	}
	rw.Header().Set("Content-Type", "application/json")
	rw.WriteHeader(status)
	_ = json.NewEncoder(rw).Encode(map[string]string{"error": err.Error()})
}

func writeJSON(rw http.ResponseWriter, v any) {
	rw.Header().Set("Content-Type", "application/json")
	rw.Header().Set("Cache-Control", "no-store")
	_ = json.NewEncoder(rw).Encode(v)
}
