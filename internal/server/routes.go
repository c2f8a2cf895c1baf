package server

import (
	"net/http"
	"slices"
	"strings"

	"toban/internal/auth"
)

// access says who may use a route. The zero value is the strictest.
type access int

const (
	manage  access = iota // who looks after the server itself: its users
	edit                  // who may change and deploy flows
	operate               // who may answer, cancel, inject, rehearse
	view                  // who has signed in
	public                // anyone
	signed                // the handler checks a signature of its own
)

// action is what a route that asks for a role does.
func (a access) action() auth.Action {
	switch a {
	case view:
		return auth.View
	case operate:
		return auth.Operate
	case edit:
		return auth.Edit
	default:
		return auth.Manage
	}
}

// The bounds of request bodies, in bytes.
const (
	smallBody = 1 << 20
	flowsBody = 32 << 20
)

// route is one line of the table. A handler's error becomes the answer.
type route struct {
	pattern string // of net/http's ServeMux
	handler func(w http.ResponseWriter, r *http.Request) error
	access  access
	body    int64 // 0: smallBody
	// introduced: a websocket may say in its first packet who it is; the handler
	// serves it no sooner.
	introduced bool
}

// routes is the table of everything that we answer ourselves, room by room.
func (s *Server) routes() []route {
	return slices.Concat(s.siteRoutes(), s.signInRoutes(), s.signInPages(), s.accountPages(), s.usersPages(), s.userRoutes(), s.editorRoutes(), s.flowRoutes(), s.nodeRoutes(), s.runRoutes(), s.questionRoutes(), s.consoleRoutes())
}

// siteRoutes are about the server itself.
func (s *Server) siteRoutes() []route {
	return []route{
		{pattern: "GET /healthz", handler: s.getHealth, access: public},
		{pattern: "GET /metrics", handler: s.getMetrics, access: view},
		{pattern: "POST /slack/interactive", handler: s.postSlack, access: signed},
		{pattern: "GET /settings", handler: s.getSettings, access: view},
		{pattern: "GET /comms", handler: s.getComms, access: view, introduced: true},
	}
}

// reservedNames are the first parts of paths that are ours, today or soon.
var reservedNames = map[string]bool{
	"": true, "api": true, "auth": true, "audit": true, "comms": true, "console": true, "context": true, "credentials": true, "debug": true,
	"demo": true, "diagnostics": true, "flow": true, "flows": true, "healthz": true, "icons": true, "inject": true,
	"library": true, "locales": true, "login": true, "metrics": true, "nodes": true, "plugins": true, "questions": true,
	"red": true, "runs": true, "settings": true, "slack": true, "theme": true, "toban": true, "types": true, "vendor": true,
}

// Reserved reports whether a pattern of http in nodes could reach one of our
// own routes: its first part is one of our names, or could be anything.
func Reserved(pattern string) bool {
	return ours(pattern) || strings.ContainsAny(first(pattern), ":*")
}

// ours reports whether a request's path is kept for our own routes.
func ours(path string) bool { return reservedNames[strings.ToLower(first(path))] }

func first(path string) string {
	name, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	return name
}
