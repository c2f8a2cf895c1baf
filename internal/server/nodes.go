package server

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"toban/internal/engine"
	"toban/internal/message"
)

// nodeRoutes are about node types and running nodes.
func (s *Server) nodeRoutes() []route {
	own := []route{{pattern: "POST /inject/{id}", handler: s.postInject, access: operate}}
	return slices.Concat(own, s.debugRoutes(), s.contextRoutes(), s.choiceRoutes(), s.userSettingsRoutes(), s.libraryRoutes(),
		s.probeRoutes())
}

// postInject presses an inject node's button (POST /inject/:id). The body may
// override its properties (__user_inject_props__).
func (s *Server) postInject(w http.ResponseWriter, r *http.Request) error {
	msg, err := readMessage(r)
	if err != nil {
		return err
	}
	if _, overrides := msg.Lookup(injectProps); !overrides { // as in Node-RED, any other body counts for nothing
		msg = message.NewObject()
	}
	run, err := s.cfg.Engine.Inject(r.Context(), r.PathValue("id"), msg)
	if errors.Is(err, engine.ErrNoNode) {
		return notFound("node " + r.PathValue("id"))
	}
	if err != nil {
		return err
	}
	w.Header().Set("Toban-Run", run)
	w.WriteHeader(http.StatusOK)
	return nil
}

const injectProps = "__user_inject_props__"

// listNodes lists the node types that the engine knows.
func (s *Server) listNodes(w http.ResponseWriter) error {
	var list []map[string]any
	for _, name := range s.cfg.Types.Names() {
		list = append(list, map[string]any{
			"id": "toban/" + name, "name": name, "types": []string{name}, "enabled": true, "local": false, "user": false, "module": "toban",
		})
	}
	return reply(w, http.StatusOK, list)
}

// typeName finds the type that a path means: the editor writes dashes for blanks.
func (s *Server) typeName(dashed string) string {
	if s.cfg.Types.Known(dashed) {
		return dashed
	}
	for _, name := range s.cfg.Types.Names() {
		if strings.ReplaceAll(name, " ", "-") == dashed {
			return name
		}
	}
	return dashed
}
