package server

import "net/http"

// getRehearsal tells which tabs rehearse (GET /api/rehearsal).
func (s *Server) getRehearsal(w http.ResponseWriter, _ *http.Request) error {
	tabs := map[string]bool{}
	for _, n := range s.cfg.Flows.Current().Nodes {
		if n.Text("type") == "tab" {
			tabs[n.Text("id")] = s.cfg.Engine.Rehearsed(n.Text("id"))
		}
	}
	return reply(w, http.StatusOK, map[string]any{"tabs": tabs})
}

// postRehearsal switches the rehearsal of a tab (POST /api/rehearsal with {"tab", "on"}).
func (s *Server) postRehearsal(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Tab string `json:"tab"`
		On  bool   `json:"on"`
	}
	if err := readJSON(r, &in); err != nil {
		return err
	}
	if in.Tab == "" {
		return badParameter("tab", "")
	}
	if err := s.cfg.Engine.Rehearse(r.Context(), in.Tab, in.On); err != nil {
		return err
	}
	return reply(w, http.StatusNoContent, nil)
}
