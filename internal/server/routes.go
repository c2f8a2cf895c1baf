package server

import (
	"net/http"
	"strings"
)

// access says who may use a route. The zero value is the strictest.
type access int

const (
	admin  access = iota // who has signed in
	public               // anyone
	signed               // the handler checks a signature of its own
)

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
}

// routes is the table of everything that we answer ourselves.
func (s *Server) routes() []route {
	return []route{
		{pattern: "GET /{$}", handler: s.getIndex, access: public},
		{pattern: "GET /healthz", handler: s.getHealth, access: public},
		{pattern: "GET /metrics", handler: s.getMetrics},
		{pattern: "POST /slack/interactive", handler: s.postSlack, access: signed},

		{pattern: "GET /auth/login", handler: s.getLogin, access: public},
		{pattern: "POST /auth/token", handler: s.postToken, access: public},
		{pattern: "POST /auth/revoke", handler: s.postRevoke},

		{pattern: "GET /flows", handler: s.getFlows},
		{pattern: "POST /flows", handler: s.postFlows, body: flowsBody},
		{pattern: "GET /flow/{id}", handler: s.getFlow},
		{pattern: "POST /flow", handler: s.postFlow, body: flowsBody},
		{pattern: "PUT /flow/{id}", handler: s.putFlow, body: flowsBody},
		{pattern: "DELETE /flow/{id}", handler: s.deleteFlow},
		{pattern: "GET /credentials/{type}/{id}", handler: s.getCredentials},
		{pattern: "POST /inject/{id}", handler: s.postInject},
		{pattern: "POST /debug/{id}/{state}", handler: s.postDebug},
		{pattern: "GET /settings", handler: s.getSettings},
		{pattern: "GET /nodes", handler: s.getNodes},
		{pattern: "GET /context/{scope}", handler: s.getContext},
		{pattern: "GET /context/{scope}/{id}", handler: s.getContext},
		{pattern: "GET /comms", handler: s.getComms},

		{pattern: "GET /api/runs", handler: s.getRuns},
		{pattern: "GET /api/runs/{id}", handler: s.getRun},
		{pattern: "POST /api/runs/{id}/cancel", handler: s.postCancel},
		{pattern: "GET /api/questions", handler: s.getQuestions},
		{pattern: "GET /api/questions/{id}", handler: s.getQuestion},
		{pattern: "POST /api/questions/{id}/answer", handler: s.postAnswer},
		{pattern: "GET /api/problems", handler: s.getProblems},
		{pattern: "GET /api/choices", handler: s.getChoices},
		{pattern: "POST /api/choices/{node}", handler: s.postChoice},
		{pattern: "GET /api/rehearsal", handler: s.getRehearsal},
		{pattern: "POST /api/rehearsal", handler: s.postRehearsal},
	}
}

// reservedNames are the first parts of paths that are ours, today or soon.
var reservedNames = map[string]bool{
	"": true, "api": true, "auth": true, "audit": true, "comms": true, "context": true, "credentials": true, "debug": true,
	"demo": true, "diagnostics": true, "flow": true, "flows": true, "healthz": true, "icons": true, "inject": true,
	"library": true, "locales": true, "login": true, "metrics": true, "nodes": true, "plugins": true, "questions": true,
	"red": true, "runs": true, "settings": true, "slack": true, "theme": true, "types": true, "vendor": true,
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
