package server

import (
	"context"
	"net/http"
	"time"
)

// readTime bounds what a look at the store may take where no request bounds it.
const readTime = 5 * time.Second

func readContext() (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), readTime)
}

// getHealth says whether the server works (GET /healthz): 200, or 503 while a
// partition can't write to the data folder.
func (s *Server) getHealth(w http.ResponseWriter, _ *http.Request) error {
	health := s.cfg.Engine.Health()
	status := http.StatusOK
	if len(health.Blocked) > 0 {
		status = http.StatusServiceUnavailable
	}
	return reply(w, status, map[string]any{"ok": status == http.StatusOK, "blocked": len(health.Blocked)})
}

func (s *Server) getMetrics(w http.ResponseWriter, r *http.Request) error {
	s.metrics.ServeHTTP(w, r)
	return nil
}

// postSlack takes an interaction over HTTP; the handler checks its signature.
func (s *Server) postSlack(w http.ResponseWriter, r *http.Request) error {
	if s.cfg.Slack == nil {
		return notFound(r.URL.Path)
	}
	s.cfg.Slack.ServeHTTP(w, r)
	return nil
}
