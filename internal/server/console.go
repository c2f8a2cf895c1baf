package server

import (
	"net/http"

	"toban/internal/console"
	"toban/internal/page"
)

// consoleRoutes are the pages for the person on duty.
func (s *Server) consoleRoutes() []route {
	p := console.New(console.Config{Engine: s.cfg.Engine, Store: s.cfg.Store, Flows: s.cfg.Flows, Permalink: s.cfg.Permalink, PersonName: s.cfg.PersonName,
		Lang: s.cfg.Lang, Zone: s.cfg.Zone, Log: s.cfg.Log}).Pages()
	return []route{
		{pattern: "GET " + page.Root + "{file}", handler: s.getPageFile, access: public},
		{pattern: "GET /runs", handler: plain(p.Runs), access: view},
		{pattern: "GET /runs/{id}", handler: plain(p.Run), access: view},
		{pattern: "GET /runs/{id}/steps/{seq}", handler: plain(p.Step), access: view},
		{pattern: "POST /runs/{id}/cancel", handler: plain(p.Cancel), access: operate},
		{pattern: "GET /questions", handler: plain(p.Questions), access: view},
		{pattern: "POST /questions/answer", handler: plain(p.Answer), access: operate},
		{pattern: "POST /questions/choose", handler: plain(p.Choose), access: operate},
	}
}

// plain makes a route's handler of a page, which shows its errors itself.
func plain(show http.HandlerFunc) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		show(w, r)
		return nil
	}
}

// getPageFile gives the style sheet, a script or the mark (GET /console/:file).
func (s *Server) getPageFile(w http.ResponseWriter, r *http.Request) error {
	if !page.ServeFile(w, r, r.PathValue("file")) {
		return notFound(r.URL.Path)
	}
	return nil
}
