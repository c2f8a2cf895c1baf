package server

import (
	"net/http"
	"strings"

	"toban/internal/auth"
)

// getComms is the editor's live channel. Who has not signed in says who they
// are in the channel, as Node-RED's clients do.
func (s *Server) getComms(w http.ResponseWriter, r *http.Request) error {
	s.cfg.Observer.hub.Serve(w, r, auth.PersonFrom(r.Context()).Known(), s.admitToken)
	return nil
}

// admitToken lets whoever may look into the channel, until their session ends.
func (s *Server) admitToken(token string, ended func()) (stop func(), ok bool) {
	session, ok := s.cfg.Auth.Session(token)
	if !ok || !session.Person.Role.May(auth.View) {
		return nil, false
	}
	return s.cfg.Auth.Watch(token, ended), true
}

// introducesItself reports whether a websocket without any credentials asks for
// the live channel.
func introducesItself(r *http.Request) bool {
	return strings.EqualFold(r.Header.Get("Upgrade"), "websocket") && r.Header.Get("Authorization") == "" && r.Header.Get("Cookie") == ""
}

const statusTopic = "status/"

// Announce tells the editors which revision runs, as after a start: one that was
// open before may have another.
func (s *Server) Announce() { s.deployed() }

// deployed tells the editors of a deploy, and forgets the statuses of nodes that
// it took away.
func (s *Server) deployed() (revision string) {
	file := s.cfg.Flows.Current()
	there := map[string]bool{}
	for _, n := range file.Nodes {
		there[n.Text("id")] = true
	}
	hub := &s.cfg.Observer.hub
	hub.Forget(func(topic string) bool {
		id, isStatus := strings.CutPrefix(topic, statusTopic)
		if !isStatus || there[id] {
			return false
		}
		_, _, runs := s.cfg.Engine.Lookup(id) // inside a subflow's instance
		return !runs
	})
	revision = file.Revision()
	// Editors enable the buttons of nodes only once they hear that flows run.
	_ = hub.Publish("notification/runtime-state", map[string]any{"state": "start", "deploy": true}, true) // it always marshals
	_ = hub.Publish("notification/runtime-deploy", map[string]string{"revision": revision}, true)         // texts always marshal
	return revision
}
