package server

import (
	"errors"
	"net/http"

	"toban/internal/engine"
	"toban/internal/locale"
	"toban/internal/node"
)

// debugRoutes are the switches of debug nodes. As in Node-RED they hold until
// the next deploy; the editor deploys the new state with the node.
func (s *Server) debugRoutes() []route {
	return []route{
		{pattern: "POST /debug/{id}/{state}", handler: s.postDebug, access: operate},
		{pattern: "POST /debug/{state}", handler: s.postDebugAll, access: operate},
	}
}

// maxSwitched bounds how many nodes one request may switch.
const maxSwitched = 10_000

// debugState reads enable or disable, with the status that Node-RED answers.
func debugState(r *http.Request) (on bool, status int, err error) {
	switch r.PathValue("state") {
	case "enable":
		return true, http.StatusOK, nil
	case "disable":
		return false, http.StatusCreated, nil
	}
	return false, 0, notFound(r.URL.Path)
}

// postDebug switches a debug node on or off (POST /debug/:id/enable|disable).
func (s *Server) postDebug(w http.ResponseWriter, r *http.Request) error {
	on, status, err := debugState(r)
	if err != nil {
		return err
	}
	switched, err := s.switchDebug(r, r.PathValue("id"), on)
	if err != nil {
		return err
	}
	if !switched {
		return notFound("debug node " + r.PathValue("id"))
	}
	w.WriteHeader(status)
	return nil
}

// postDebugAll switches several debug nodes (POST /debug/enable|disable, nodes[]
// in a form or in JSON). What is no debug node is left alone.
func (s *Server) postDebugAll(w http.ResponseWriter, r *http.Request) error {
	on, status, err := debugState(r)
	if err != nil {
		return err
	}
	ids, err := readNodeList(r)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if _, err := s.switchDebug(r, id, on); err != nil {
			return err
		}
	}
	w.WriteHeader(status)
	return nil
}

func readNodeList(r *http.Request) ([]string, error) {
	var in struct {
		Nodes []string `json:"nodes"`
	}
	if contentType(r) == "application/json" {
		if err := readJSON(r, &in); err != nil {
			return nil, err
		}
	} else {
		if err := r.ParseForm(); err != nil {
			return nil, badBody(err)
		}
		in.Nodes = append(r.PostForm["nodes[]"], r.PostForm["nodes"]...)
	}
	if in.Nodes == nil || len(in.Nodes) > maxSwitched {
		return nil, fail(http.StatusBadRequest, "bad_request", locale.Errorf("server.no_nodes"))
	}
	return in.Nodes, nil
}

// switchDebug reports whether there is such a debug node.
func (s *Server) switchDebug(r *http.Request, id string, on bool) (switched bool, err error) {
	var found bool
	err = s.cfg.Engine.Within(r.Context(), id, func(_ node.Env, impl node.Node) {
		if d, ok := impl.(interface{ SetActive(bool) }); ok {
			d.SetActive(on)
			found = true
		}
	})
	if errors.Is(err, engine.ErrNoNode) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return found, nil
}
