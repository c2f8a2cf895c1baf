package server

import (
	"html/template"
	"net/http"

	"toban/internal/locale"
)

var indexPage = template.Must(template.New("index").Parse(`<!doctype html>
<html lang="{{.Lang}}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Toban</title><style>
:root{color-scheme:light dark}body{font:16px/1.6 system-ui,sans-serif;max-width:40rem;margin:10vh auto;padding:0 1.2rem}
h1{margin:0 0 .5rem}code{background:color-mix(in srgb,currentColor 10%,transparent);border-radius:4px;padding:1px 5px;overflow-wrap:anywhere}
</style></head><body><h1>Toban</h1><p>{{.Runs}}</p><p>{{.Editor}}</p>
<ul>{{range .Ways}}<li><code>{{.}}</code></li>{{end}}</ul></body></html>`))

// indexWays are what one can do without the editor.
var indexWays = []string{"toban runs ls", "toban doctor", "toban check FILE", "POST /flows", "GET /api/runs", "GET /healthz"}

// getIndex says what this is, and that the editor isn't built in.
func (s *Server) getIndex(w http.ResponseWriter, r *http.Request) error {
	lang := s.lang(r)
	if lang != locale.JA {
		lang = locale.EN
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	return indexPage.Execute(w, map[string]any{
		"Lang": lang, "Runs": lang.Text("server.index_runs"), "Editor": lang.Text("server.index_editor"), "Ways": indexWays,
	})
}
