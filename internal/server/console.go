package server

import (
	"net/http"

	"toban/internal/page"
)

// consoleRoutes are the pages for the person on duty.
func (s *Server) consoleRoutes() []route {
	return []route{
		{pattern: "GET " + page.Root + "{file}", handler: s.getPageFile, access: public},
	}
}

// getPageFile gives the style sheet, a script or the mark (GET /console/:file).
func (s *Server) getPageFile(w http.ResponseWriter, r *http.Request) error {
	if !page.ServeFile(w, r, r.PathValue("file")) {
		return notFound(r.URL.Path)
	}
	return nil
}
