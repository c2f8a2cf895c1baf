package httpin

import (
	"net/http"
	"slices"
	"strings"
	"sync"

	"toban/internal/locale"
	"toban/internal/node"
)

// Router answers requests with the handlers of http in nodes. The first route
// that matches counts. Parameters are the request's path values, those of *
// under "0", "1" ….
type Router struct {
	root     string // httpNodeRoot without a slash at its end
	reserved func(path string) bool
	mu       sync.RWMutex
	routes   []*route
	runs     runs
}

type route struct {
	method  string
	pattern *Pattern
	handler http.HandlerFunc
}

// NewRouter makes a router for the paths below root ("/" or "" for all).
// reserved tells paths, root included, that belong to the server itself; nil
// means none.
func NewRouter(root string, reserved func(path string) bool) *Router {
	return &Router{root: strings.TrimRight(root, "/"), reserved: reserved}
}

// Handle adds a route. method is GET, POST …; path is a [Pattern].
func (r *Router) Handle(method, path string, h http.HandlerFunc) (remove func(), err error) {
	pattern, err := ParsePattern(path)
	if err != nil {
		return nil, err
	}
	if r.reserved != nil && r.reserved(r.root+pattern.text) {
		return nil, locale.Errorf("httpin.path_reserved", "path", r.root+pattern.text)
	}
	added := &route{strings.ToUpper(method), pattern, h}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, other := range r.routes {
		if other.method == added.method && other.pattern.re.String() == pattern.re.String() {
			return nil, locale.Errorf("httpin.path_taken", "method", added.method, "path", pattern.text)
		}
	}
	r.routes = append(slices.Clip(r.routes), added)
	return func() { r.remove(added) }, nil
}

func (r *Router) remove(gone *route) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.routes = slices.DeleteFunc(slices.Clone(r.routes), func(x *route) bool { return x == gone })
}

// ServeHTTP answers with the first route that matches, else with 404.
func (r *Router) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	if h := r.Find(req); h != nil {
		h(w, req)
		return
	}
	http.NotFound(w, req)
}

// Find gives the handler of the first route that matches the request, whose
// path values it sets; nil if there is none. A HEAD is answered as a GET.
func (r *Router) Find(req *http.Request) http.HandlerFunc {
	path, below := strings.CutPrefix(req.URL.EscapedPath(), r.root)
	if !below || path != "" && path[0] != '/' {
		return nil
	}
	if path == "" {
		path = "/"
	}
	r.mu.RLock()
	routes := r.routes
	r.mu.RUnlock()
	for _, route := range routes {
		if route.method != req.Method && (route.method != http.MethodGet || req.Method != http.MethodHead) {
			continue
		}
		params, matches, ok := route.pattern.Match(path)
		switch {
		case !matches:
			continue
		case !ok:
			return badPath
		}
		for name, v := range params {
			req.SetPathValue(name, v)
		}
		return route.handler
	}
	return nil
}

func badPath(w http.ResponseWriter, _ *http.Request) {
	http.Error(w, "the path is not validly escaped", http.StatusBadRequest)
}

var _ node.Router = (*Router)(nil)
