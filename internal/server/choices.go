package server

import (
	"errors"
	"net/http"

	"toban/internal/locale"
	"toban/internal/node"
)

// choiceRoutes are about decisions that nodes wait for about themselves.
func (s *Server) choiceRoutes() []route {
	return []route{
		{pattern: "GET /api/choices", handler: s.getChoices, access: view},
		{pattern: "POST /api/choices/{node}", handler: s.postChoice, access: operate},
	}
}

// choice is one pending decision of a node.
type choice struct {
	Node     string         `json:"node"`
	Name     string         `json:"name"`
	Tab      string         `json:"tab,omitempty"`
	Question string         `json:"question"`
	Options  []choiceOption `json:"options"`
}

type choiceOption struct {
	Name  string `json:"name"`
	Label string `json:"label"`
	Means string `json:"means,omitempty"`
}

// getChoices lists the nodes that wait for a decision about themselves, such as
// a mailbox with many unread mails (GET /api/choices).
func (s *Server) getChoices(w http.ResponseWriter, r *http.Request) error {
	lang, list := s.lang(r), []choice{}
	for _, n := range s.cfg.Engine.Nodes() {
		_, impl, _ := s.cfg.Engine.Lookup(n.ID)
		d, pending := node.PendingOf(impl)
		if !pending {
			continue
		}
		c := choice{Node: n.ID, Name: n.Name, Tab: n.Where(), Question: d.Question(lang)}
		for _, o := range d.Options {
			c.Options = append(c.Options, choiceOption{Name: o.Name, Label: o.Label(lang), Means: o.Meaning(lang)})
		}
		list = append(list, c)
	}
	return reply(w, http.StatusOK, map[string]any{"choices": list})
}

// postChoice decides for a node (POST /api/choices/:node with {"option"}).
func (s *Server) postChoice(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Option string `json:"option"`
	}
	if err := readJSON(r, &in); err != nil {
		return err
	}
	_, impl, ok := s.cfg.Engine.Lookup(r.PathValue("node"))
	chooser, isChooser := impl.(node.Chooser)
	if !ok || !isChooser {
		return notFound("node " + r.PathValue("node"))
	}
	switch err := chooser.Choose(in.Option); {
	case errors.Is(err, node.ErrNotPending):
		return fail(http.StatusConflict, "not_pending", locale.Errorf("server.not_pending"))
	case errors.Is(err, node.ErrNoOption):
		return fail(http.StatusBadRequest, "no_option", locale.Errorf("server.no_option", "option", in.Option))
	case err != nil:
		return err
	}
	return reply(w, http.StatusNoContent, nil)
}
