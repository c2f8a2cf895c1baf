package server

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"toban/internal/comms"
	"toban/internal/locale"
	"toban/internal/message"
)

// contextPatience bounds how long a deletion may wait for the disk.
const contextPatience = 10 * time.Second

// contextRoutes are about the values that nodes keep.
func (s *Server) contextRoutes() []route {
	var list []route
	for _, path := range []string{"global", "flow/{id}", "node/{id}"} {
		list = append(list,
			route{pattern: "GET /context/" + path, handler: s.getContext, access: view},
			route{pattern: "GET /context/" + path + "/{key...}", handler: s.getContext, access: view},
			route{pattern: "DELETE /context/" + path, handler: s.deleteContext, access: edit},
			route{pattern: "DELETE /context/" + path + "/{key...}", handler: s.deleteContext, access: edit},
		)
	}
	return list
}

// contextAsk is which part of a context a request is about.
type contextAsk struct {
	owner    string   // a node id, a flow id or "global"; "" if no such node runs
	stores   []string // the ones that are asked for
	standard string   // the default store
	key      string   // a property path; "" for all
	keysOnly bool
}

// readContextAsk reads /context/global/…, /context/flow/:id/… and
// /context/node/:id/…, with ?store= and ?keysOnly.
func (s *Server) readContextAsk(r *http.Request) (contextAsk, error) {
	standard, stores := s.cfg.Engine.ContextStores()
	ask := contextAsk{owner: "global", stores: stores, standard: standard, key: r.PathValue("key"), keysOnly: r.URL.Query().Has("keysOnly")}
	if store := r.URL.Query().Get("store"); store != "" {
		if !slices.Contains(stores, store) {
			return ask, notFound("context store " + store)
		}
		ask.stores = []string{store}
	} else if ask.key != "" {
		ask.stores = []string{standard}
	}
	if id := r.PathValue("id"); id != "" {
		ask.owner = id
		if _, _, runs := s.cfg.Engine.Lookup(id); !runs && first(r.URL.Path[len("/context/"):]) == "node" {
			ask.owner = ""
		}
	}
	return ask, nil
}

// getContext shows a context: {store: {key: {msg, format}}}, or of one key
// {msg, format}. Values are encoded as the debug sidebar reads them.
func (s *Server) getContext(w http.ResponseWriter, r *http.Request) error {
	ask, err := s.readContextAsk(r)
	if err != nil {
		return err
	}
	if ask.owner == "" {
		return reply(w, http.StatusOK, struct{}{})
	}
	if ask.key != "" {
		return s.getContextKey(w, r, ask)
	}
	shown := message.NewBuilder(len(ask.stores))
	for _, store := range ask.stores {
		values, err := s.contextValues(r.Context(), ask.owner, store)
		if err != nil {
			return err
		}
		if ask.keysOnly {
			shown.Set(store, message.NewObject("keys", topKeys(values)))
			continue
		}
		entries := message.NewBuilder(values.Len())
		for key, v := range values.All() {
			entries.Set(key, encoded(v))
		}
		shown.Set(store, entries.Object())
	}
	return replyValue(w, shown.Object())
}

func (s *Server) getContextKey(w http.ResponseWriter, r *http.Request, ask contextAsk) error {
	store := ask.stores[0]
	values, err := s.contextValues(r.Context(), ask.owner, store)
	if err != nil {
		return err
	}
	path, err := message.ParsePath(ask.key)
	if err != nil {
		return badParameter("key", ask.key)
	}
	v, err := path.Get(values)
	if err != nil {
		v = nil // what is below a missing parent is undefined
	}
	if ask.keysOnly {
		return replyValue(w, message.NewObject(store, outline(v)))
	}
	shown := encoded(v)
	if store != ask.standard {
		shown = shown.With("store", store)
	}
	return replyValue(w, shown)
}

func (s *Server) contextValues(ctx context.Context, owner, store string) (*message.Object, error) {
	values, err := s.cfg.Engine.ContextOf(ctx, owner, store)
	if values == nil {
		values = message.NewObject()
	}
	return values, err
}

func encoded(v message.Value) *message.Object {
	text, format := comms.Encode(v, 0)
	return message.NewObject("msg", text, "format", format)
}

// deleteContext deletes a value, or all of them (DELETE /context/…). It answers
// once that is on the disk.
func (s *Server) deleteContext(w http.ResponseWriter, r *http.Request) error {
	ask, err := s.readContextAsk(r)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(r.Context(), contextPatience)
	defer cancel()
	if _, err := message.ParsePath(ask.key); ask.key != "" && err != nil {
		return badParameter("key", ask.key)
	}
	for _, store := range ask.stores {
		if ask.owner == "" {
			break
		}
		err := s.cfg.Engine.DeleteContext(ctx, ask.owner, store, ask.key)
		if errors.Is(err, context.DeadlineExceeded) {
			return fail(http.StatusServiceUnavailable, "not_stored", locale.Errorf("server.not_stored"))
		}
		if err != nil {
			return err
		}
	}
	return reply(w, http.StatusNoContent, nil)
}

// topKeys lists names, for the completion in the editor's fields.
func topKeys(values *message.Object) *message.Array {
	list := make([]message.Value, 0, values.Len())
	for key := range values.All() {
		list = append(list, message.NewObject("key", key))
	}
	return message.NewArray(list...)
}

// outline tells what is one level below a value, for the same completion.
func outline(v message.Value) *message.Object {
	switch v := v.(type) {
	case *message.Array:
		_, format := comms.Encode(v, 0)
		return message.NewObject("format", format)
	case *message.Object:
		keys := make([]message.Value, 0, v.Len())
		for key, child := range v.All() {
			keys = append(keys, outlineOf(key, child))
		}
		return message.NewObject("format", "object", "keys", message.NewArray(keys...))
	}
	return message.NewObject("keys", message.NewArray())
}

func outlineOf(key string, v message.Value) *message.Object {
	entry := message.NewObject("key", key)
	switch v := v.(type) {
	case *message.Array:
		_, format := comms.Encode(v, 0)
		return entry.With("format", format).With("length", float64(v.Len()))
	case *message.Object:
		return entry.With("format", "object")
	}
	return entry
}
