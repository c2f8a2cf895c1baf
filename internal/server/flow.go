package server

import (
	"io"
	"net/http"

	"toban/internal/flow"
	"toban/internal/locale"
	"toban/internal/message"
)

// tabOfFile collects a tab of a file as the admin API shows it: its own
// properties, nodes, configs; "global" is what belongs to no tab.
func tabOfFile(file *flow.File, id string) *message.Object {
	var own *message.Object
	var nodes, configs, subflows []message.Value
	for _, n := range file.Nodes {
		typ, z := n.Text("type"), n.Text("z")
		switch {
		case n.Text("id") == id && typ == "tab":
			own = n.Without("type")
		case id == "global" && typ == "subflow":
			subflows = append(subflows, n)
		case typ == "tab", z != id && (id != "global" || z != ""):
		case n.Get("x") == nil || n.Get("y") == nil:
			configs = append(configs, n)
		default:
			nodes = append(nodes, n)
		}
	}
	if id == "global" {
		return message.NewObject("id", "global", "configs", message.NewArray(configs...), "subflows", message.NewArray(subflows...))
	}
	if own == nil {
		return nil
	}
	return own.With("nodes", message.NewArray(nodes...)).With("configs", message.NewArray(configs...))
}

// getFlow gives one tab (GET /flow/:id).
func (s *Server) getFlow(w http.ResponseWriter, r *http.Request) error {
	tab := tabOfFile(s.cfg.Flows.Current(), r.PathValue("id"))
	if tab == nil {
		return notFound("flow " + r.PathValue("id"))
	}
	return replyValue(w, tab)
}

// postFlow adds a tab (POST /flow): its nodes get the tab's new id as their z.
func (s *Server) postFlow(w http.ResponseWriter, r *http.Request) error {
	tab, err := readTab(r)
	if err != nil {
		return err
	}
	id := message.NewID()
	problems, err := s.replaceTab(r, "", flatTab(tab, id))
	if err != nil {
		return s.deployFailure(w, r, err)
	}
	return reply(w, http.StatusOK, map[string]any{"id": id, "problems": problems})
}

// putFlow replaces a tab (PUT /flow/:id).
func (s *Server) putFlow(w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("id")
	if id == "global" || tabOfFile(s.cfg.Flows.Current(), id) == nil {
		return notFound("flow " + id)
	}
	tab, err := readTab(r)
	if err != nil {
		return err
	}
	problems, err := s.replaceTab(r, id, flatTab(tab, id))
	if err != nil {
		return s.deployFailure(w, r, err)
	}
	return reply(w, http.StatusOK, map[string]any{"id": id, "problems": problems})
}

// deleteFlow deletes a tab (DELETE /flow/:id).
func (s *Server) deleteFlow(w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("id")
	if id == "global" || tabOfFile(s.cfg.Flows.Current(), id) == nil {
		return notFound("flow " + id)
	}
	if _, err := s.replaceTab(r, id, nil); err != nil {
		return s.deployFailure(w, r, err)
	}
	return reply(w, http.StatusNoContent, nil)
}

// replaceTab deploys the current file with a tab's objects exchanged.
func (s *Server) replaceTab(r *http.Request, id string, with []*message.Object) ([]problem, error) {
	current := s.cfg.Flows.Current()
	file := &flow.File{}
	for _, n := range current.Nodes {
		if id == "" || n.Text("id") != id && n.Text("z") != id {
			file.Nodes = append(file.Nodes, n)
		}
	}
	file.Nodes = append(file.Nodes, with...)
	found, err := s.cfg.Flows.Deploy(r.Context(), file, DeployOptions{Base: current.Revision(), Mode: flow.Flows, EndOpen: endsOpen(r)})
	if err != nil {
		return nil, err
	}
	s.deployed()
	return s.problems(r, found), nil
}

func readTab(r *http.Request) (*message.Object, error) {
	data, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	if depth(data) > flow.MaxDepth {
		return nil, badBody(nil)
	}
	v, err := message.ParseJSON(string(data))
	if err != nil {
		return nil, badBody(err)
	}
	tab, ok := v.(*message.Object)
	if nodes, isArray := tab.Get("nodes").(*message.Array); !ok || !isArray || nodes == nil {
		return nil, fail(http.StatusBadRequest, "bad_request", locale.Errorf("server.not_a_flow"))
	}
	return tab, nil
}

// flatTab gives the objects of a tab as they stand in a file.
func flatTab(tab *message.Object, id string) []*message.Object {
	own := tab.Without("nodes").Without("configs").With("id", id).With("type", "tab")
	all := []*message.Object{own}
	for _, list := range []string{"nodes", "configs"} {
		items, _ := tab.Get(list).(*message.Array)
		if items == nil {
			continue
		}
		for _, item := range items.All() {
			if n, ok := item.(*message.Object); ok {
				all = append(all, n.With("z", id))
			}
		}
	}
	return all
}
