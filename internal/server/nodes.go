package server

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"toban/internal/engine"
	"toban/internal/locale"
	"toban/internal/message"
	"toban/internal/node"
)

// nodeRoutes are about node types and running nodes.
func (s *Server) nodeRoutes() []route {
	return []route{
		{pattern: "GET /nodes", handler: s.getNodes, access: view},
		{pattern: "POST /inject/{id}", handler: s.postInject, access: operate},
		{pattern: "POST /debug/{id}/{state}", handler: s.postDebug, access: operate},
		{pattern: "GET /context/{scope}", handler: s.getContext, access: view},
		{pattern: "GET /context/{scope}/{id}", handler: s.getContext, access: view},
		{pattern: "GET /api/choices", handler: s.getChoices, access: view},
		{pattern: "POST /api/choices/{node}", handler: s.postChoice, access: operate},
	}
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

// postDebug switches a debug node on or off (POST /debug/:id/enable|disable).
func (s *Server) postDebug(w http.ResponseWriter, r *http.Request) error {
	status, on := http.StatusOK, true
	switch r.PathValue("state") {
	case "enable":
	case "disable":
		status, on = http.StatusCreated, false
	default:
		return notFound(r.URL.Path)
	}
	err := errNotDebug
	callErr := s.cfg.Engine.Within(r.Context(), r.PathValue("id"), func(_ node.Env, impl node.Node) {
		if d, ok := impl.(interface{ SetActive(bool) }); ok {
			d.SetActive(on)
			err = nil
		}
	})
	if callErr != nil || err != nil {
		return notFound("debug node " + r.PathValue("id"))
	}
	w.WriteHeader(status)
	return nil
}

var errNotDebug = errors.New("not a debug node")

// getNodes lists the node types (GET /nodes).
func (s *Server) getNodes(w http.ResponseWriter, _ *http.Request) error {
	var list []map[string]any
	for _, name := range s.cfg.Types.Names() {
		list = append(list, map[string]any{
			"id": "toban/" + name, "name": name, "types": []string{name}, "enabled": true, "local": false, "user": false, "module": "toban",
		})
	}
	return reply(w, http.StatusOK, list)
}

// getSettings gives what clients of the admin API need to know (GET /settings).
func (s *Server) getSettings(w http.ResponseWriter, _ *http.Request) error {
	return reply(w, http.StatusOK, map[string]any{
		"httpNodeRoot": s.cfg.NodeRoot + "/", "version": adminVersion,
		"user":               map[string]string{"username": AdminUser, "permissions": "*"},
		"context":            map[string]any{"default": "default", "stores": []string{"default"}},
		"flowEncryptionType": "system",
	})
}

// adminVersion is the version of Node-RED whose admin API this is.
const adminVersion = "5.0.7"

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

// getContext shows a context (GET /context/global, /context/flow/:id, /context/node/:id).
func (s *Server) getContext(w http.ResponseWriter, r *http.Request) error {
	values, err := s.contextValues(r.Context(), r.PathValue("scope"), r.PathValue("id"))
	if err != nil {
		return err
	}
	return replyValue(w, message.NewObject("default", values))
}

func (s *Server) contextValues(ctx context.Context, scope, id string) (*message.Object, error) {
	owner := id
	switch {
	case scope == "global" && id == "":
		owner = "global"
	case (scope == "flow" || scope == "node") && id != "":
	default:
		return nil, notFound("context " + scope)
	}
	values, err := s.cfg.Engine.ContextOf(ctx, owner)
	if err != nil {
		return nil, err
	}
	if values == nil {
		values = message.NewObject()
	}
	return values, nil
}

// choice is one pending decision of a node.
type choice struct {
	Node     string         `json:"node"`
	Name     string         `json:"name"`
	Question string         `json:"question"`
	Options  []choiceOption `json:"options"`
}

type choiceOption struct {
	Name  string `json:"name"`
	Label string `json:"label"`
}

// getChoices lists the nodes that wait for a decision about themselves, such as
// a mailbox with many unread mails (GET /api/choices).
func (s *Server) getChoices(w http.ResponseWriter, r *http.Request) error {
	lang, list := s.lang(r), []choice{}
	for _, n := range s.cfg.Engine.Nodes() {
		_, impl, ok := s.cfg.Engine.Lookup(n.ID)
		chooser, isChooser := impl.(node.Chooser)
		if !ok || !isChooser {
			continue
		}
		d, pending := chooser.Pending()
		if !pending {
			continue
		}
		c := choice{Node: n.ID, Name: n.Name, Question: d.Question(lang)}
		for _, o := range d.Options {
			c.Options = append(c.Options, choiceOption{o.Name, o.Label(lang)})
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
