package server

import (
	"net/http"
	"slices"
	"strings"
)

// FlowPages says where the pages that flows serve are pages like any other.
// Elsewhere they are in a sandbox: they share the address of the editor, and a flow
// that shows text from outside would give whoever wrote it the powers of the
// administrator who looks at it. The zero value is the sandbox everywhere.
type FlowPages struct {
	// Trusted lets them be pages of this server, as in Node-RED.
	Trusted bool
	// Hosts are names at which there is nothing but flows.
	Hosts []string
}

// sandbox lets a page do what pages do, but as a page from nowhere: it has no
// cookies and no storage, reads no answer of this server, and its requests carry
// no session. Without allow-same-origin nothing in the page can lift that.
const sandbox = "sandbox allow-downloads allow-forms allow-modals allow-orientation-lock allow-pointer-lock allow-popups " +
	"allow-popups-to-escape-sandbox allow-presentation allow-scripts allow-top-navigation-by-user-activation"

// serveFlows answers with an http in node's answer.
func (s *Server) serveFlows(w http.ResponseWriter, r *http.Request) {
	a := &flowAnswer{to: w, confined: !s.cfg.FlowPages.Trusted && !s.flowsOnly(r.Host)}
	s.cfg.Nodes.ServeHTTP(a, s.asFlowsSee(r))
	a.begin()
}

// flowsOnly reports whether there is nothing but flows at a host.
func (s *Server) flowsOnly(host string) bool {
	return slices.Contains(s.cfg.FlowPages.Hosts, hostName(host))
}

// flowAnswer is an answer whose headers a flow writes. It has the last word on them,
// so it is no more than a ResponseWriter: who could flush or hijack would go past it.
type flowAnswer struct {
	to       http.ResponseWriter
	confined bool
	begun    bool
}

func (a *flowAnswer) Header() http.Header { return a.to.Header() }

func (a *flowAnswer) WriteHeader(status int) {
	a.begin()
	a.to.WriteHeader(status)
}

func (a *flowAnswer) Write(b []byte) (int, error) {
	a.begin()
	return a.to.Write(b)
}

// begin completes the headers before they are sent.
func (a *flowAnswer) begin() {
	if a.begun {
		return
	}
	a.begun = true
	h := a.Header()
	keepSession(h)
	if !a.confined {
		return
	}
	// Browsers obey each policy. Should one of them let one sandbox count, it is the last.
	h.Add("Content-Security-Policy", sandbox)
	h.Set("X-Content-Type-Options", "nosniff")
}

// keepSession leaves out a cookie of our own name: a flow that takes names from
// outside must not sign people in as somebody else.
func keepSession(h http.Header) {
	isOurs := func(line string) bool {
		name, _, _ := strings.Cut(line, "=")
		return strings.EqualFold(strings.TrimSpace(name), cookieName)
	}
	lines := h["Set-Cookie"]
	if !slices.ContainsFunc(lines, isOurs) {
		return
	}
	if lines = slices.DeleteFunc(slices.Clone(lines), isOurs); len(lines) == 0 {
		h.Del("Set-Cookie")
		return
	}
	h["Set-Cookie"] = lines
}
