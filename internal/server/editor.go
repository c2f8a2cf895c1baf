package server

import (
	"net/http"
	"strings"

	"toban/internal/editor"
)

// editorRoutes serve the flow editor's files.
func (s *Server) editorRoutes() []route {
	routes := []route{
		{pattern: "GET /{$}", handler: s.getEditor, access: view},
		{pattern: "GET /theme", handler: s.editorFile(func(*http.Request) string { return "theme.json" }), access: view},
		{pattern: "GET /locales/{namespace}", handler: s.getCatalogue(editor.Catalogue), access: view},
		{pattern: "GET /nodes", handler: s.getNodes, access: view},
		{pattern: "GET /nodes/messages", handler: s.getMessages("nodes"), access: view},
		{pattern: "GET /plugins", handler: s.editorFile(editor.Plugins), access: view},
		{pattern: "GET /plugins/messages", handler: s.getMessages("plugins"), access: view},
		{pattern: "GET /icons", handler: s.editorFile(func(*http.Request) string { return "icons.json" }), access: view},
		{pattern: "GET /icons/{module}/{file...}", handler: s.getIcon, access: view},
		{pattern: "GET /debug/view/{file}", handler: s.editorFile(editor.Static), access: view},
	}
	for _, folder := range []string{"red", "vendor", "types", "toban"} {
		routes = append(routes, route{pattern: "GET /" + folder + "/{file...}", handler: s.editorFile(editor.Static), access: view})
	}
	return routes
}

// editorPolicy lets the editor's pages run scripts that are files of ours, and
// nothing else. The editor writes style attributes, and Monaco keeps its cursor
// in a data: image.
const editorPolicy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; " +
	"font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// getEditor gives the editor's page, or says how to build it (GET /).
func (s *Server) getEditor(w http.ResponseWriter, r *http.Request) error {
	if s.cfg.Editor.Built() != nil {
		return s.getIndex(w, r)
	}
	return s.serveEditor(w, r, "index.html")
}

// editorFile gives the file that a request means.
func (s *Server) editorFile(name func(*http.Request) string) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error { return s.serveEditor(w, r, name(r)) }
}

func (s *Server) serveEditor(w http.ResponseWriter, r *http.Request, name string) error {
	if strings.HasSuffix(name, ".html") {
		w.Header().Set("Content-Security-Policy", editorPolicy)
	}
	found, err := s.cfg.Editor.Serve(w, r, name)
	if err == nil && found {
		return nil
	}
	return notFound(r.URL.Path)
}

// getNodes gives the node types: a list, or their forms (GET /nodes). Without
// the editor there is the list only.
func (s *Server) getNodes(w http.ResponseWriter, r *http.Request) error {
	if s.cfg.Editor.Built() == nil {
		return s.serveEditor(w, r, s.cfg.Editor.Nodes(r))
	}
	return s.listNodes(w)
}

func (s *Server) getMessages(kind string) func(http.ResponseWriter, *http.Request) error {
	return s.getCatalogue(func(r *http.Request) string { return editor.Messages(kind, r) })
}

// getCatalogue gives texts; a language that has none has an empty catalogue.
func (s *Server) getCatalogue(name func(*http.Request) string) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		found, err := s.cfg.Editor.Serve(w, r, name(r))
		if err == nil && found {
			return nil
		}
		return reply(w, http.StatusOK, map[string]string{})
	}
}

// getIcon gives an icon; one that doesn't exist is Node-RED's arrow, as there.
func (s *Server) getIcon(w http.ResponseWriter, r *http.Request) error {
	found, err := s.cfg.Editor.Serve(w, r, editor.Static(r))
	if err == nil && found {
		return nil
	}
	return s.serveEditor(w, r, "icons/node-red/arrow-in.svg")
}
