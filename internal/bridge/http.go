package bridge

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"time"

	"toban/internal/message"
	"toban/internal/node"
)

// web is an HTTP server on loopback: /comms for the debug sidebar, and the
// requests of the admin API that specs use.
type web struct {
	url string
	srv *http.Server
	end chan struct{} // closed once the server has ended
}

func (b *bridge) serveHTTP(ctx context.Context) (*web, error) {
	ln, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("GET /comms", b.hub)
	mux.HandleFunc("POST /inject/{id}", b.postInject)
	mux.HandleFunc("POST /debug/{id}/{state}", b.postDebug)
	mux.HandleFunc("POST /debug/{state}", b.postDebugAll)
	w := &web{
		url: "http://" + ln.Addr().String(),
		srv: &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second},
		end: make(chan struct{}),
	}
	go func() {
		defer close(w.end)
		_ = w.srv.Serve(ln) // it always ends with an error: that it was closed
	}()
	return w, nil
}

func (w *web) close() {
	_ = w.srv.Close() // nothing is kept that a failure could lose
	<-w.end
}

// start opens the side that flows and the debug sidebar are reached by. A
// second start leaves it open.
func (b *bridge) start(ctx context.Context, _ request) (any, error) {
	if b.web == nil {
		w, err := b.serveHTTP(ctx)
		if err != nil {
			return nil, err
		}
		b.web = w
	}
	return map[string]string{"url": b.web.url}, nil
}

func (b *bridge) stopHTTP(context.Context, request) (any, error) {
	if b.web != nil {
		b.hub.Close()
		b.web.close()
		b.web = nil
	}
	return nil, nil
}

// openAdmin opens the admin API, which stays open whatever start and stop do.
func (b *bridge) openAdmin(ctx context.Context) (err error) {
	if b.admin == nil {
		b.admin, err = b.serveHTTP(ctx)
	}
	return err
}

// postInject is the button of an inject node.
func (b *bridge) postInject(w http.ResponseWriter, r *http.Request) {
	msg, err := bodyObject(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	world := b.current()
	if world == nil || !world.runs(r.PathValue("id")) {
		http.NotFound(w, r)
		return
	}
	if _, err := world.engine.Inject(r.Context(), r.PathValue("id"), msg); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	_, _ = io.WriteString(w, "OK") // the client may be gone
}

// maxBody bounds the body of a request, in bytes.
const maxBody = 1 << 20

func bodyObject(r *http.Request) (*message.Object, error) {
	data, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
	if err != nil || len(data) == 0 {
		return message.NewObject(), err
	}
	v, err := Decode(data)
	if err != nil {
		return nil, err
	}
	if obj, ok := v.(*message.Object); ok {
		return obj, nil
	}
	return nil, errors.New("the body must be an object")
}

// debugStates are what /debug/… takes, with the status that Node-RED answers.
var debugStates = map[string]int{"enable": http.StatusOK, "disable": http.StatusCreated}

func (b *bridge) postDebug(w http.ResponseWriter, r *http.Request) {
	code, known := debugStates[r.PathValue("state")]
	if !known || !b.setActive(r.Context(), r.PathValue("id"), r.PathValue("state") == "enable") {
		http.NotFound(w, r)
		return
	}
	w.WriteHeader(code)
}

func (b *bridge) postDebugAll(w http.ResponseWriter, r *http.Request) {
	code, known := debugStates[r.PathValue("state")]
	if !known {
		http.NotFound(w, r)
		return
	}
	var body struct{ Nodes []string }
	if err := json.NewDecoder(io.LimitReader(r.Body, maxBody)).Decode(&body); err != nil || body.Nodes == nil {
		http.Error(w, "nodes is missing", http.StatusBadRequest)
		return
	}
	for _, id := range body.Nodes {
		b.setActive(r.Context(), id, r.PathValue("state") == "enable")
	}
	w.WriteHeader(code)
}

// activatable is what a debug node offers.
type activatable interface{ SetActive(active bool) }

func (b *bridge) setActive(ctx context.Context, id string, active bool) bool {
	world, found := b.current(), false
	if world == nil {
		return false
	}
	err := world.engine.Within(ctx, id, func(_ node.Env, impl node.Node) {
		if n, ok := impl.(activatable); ok {
			n.SetActive(active)
			found = true
		}
	})
	return err == nil && found
}
