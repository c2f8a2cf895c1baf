package server

import (
	"net/http"
	"path"
	"strings"

	"toban/internal/nodes/httpin"
)

// maxNodeBody bounds the bodies that http in nodes may read, in bytes; the
// nodes have tighter bounds of their own.
const maxNodeBody = 50 << 20

// Router takes the routes of http in nodes. A path of ours is refused. It is
// safe for concurrent use.
type Router struct {
	*httpin.Router
	root string
}

// NewRouter makes a router for paths below root, Node-RED's httpNodeRoot; ""
// and "/" mean that they are used as they are.
func NewRouter(root string) *Router {
	root = path.Clean("/" + root)
	return &Router{Router: httpin.NewRouter(root, reserved), root: strings.TrimSuffix(root, "/") + "/"}
}

// Root is the root of all paths, ending in a slash.
func (rt *Router) Root() string { return rt.root }

func (rt *Router) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxNodeBody)
	rt.Router.ServeHTTP(w, r)
}

// reserved reports whether a path is ours: by its first part, so that routes
// which we add later collide with no flow of today. A path that only could be
// ours (/*, /:name) is not: our routes come first.
func reserved(full string) bool {
	first, _, _ := strings.Cut(strings.TrimPrefix(full, "/"), "/")
	return reservedNames[strings.ToLower(first)]
}
