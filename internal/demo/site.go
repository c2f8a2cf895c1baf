package demo

import (
	"context"
	"embed"
	"encoding/json"
	"html/template"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"

	"toban/internal/locale"
)

//go:embed page
var pageFiles embed.FS

var pageTemplate = template.Must(template.ParseFS(pageFiles, "page/index.html"))

// site serves the demo. Its world begins with the first visit, in the
// language that the browser asks for; another language begins a new world.
type site struct {
	log   *slog.Logger
	fixed locale.Lang // "" lets the browser choose

	mu    sync.Mutex
	world *world
}

// at gives the world, in the language if one is given, else as it is.
func (s *site) at(ctx context.Context, lang locale.Lang) (*world, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.world != nil && (lang == "" || s.world.lang == lang) {
		return s.world, nil
	}
	if lang == "" {
		lang = locale.EN
	}
	if s.world != nil {
		if err := s.world.Close(ctx); err != nil {
			s.log.Warn("closing the demo's world", "err", err)
		}
		s.world = nil
	}
	w, err := newWorld(context.WithoutCancel(ctx), lang, s.log)
	if err != nil {
		return nil, err
	}
	s.world = w
	return w, nil
}

func (s *site) close(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.world == nil {
		return nil
	}
	return s.world.Close(ctx)
}

func (s *site) routes() http.Handler {
	static, err := fs.Sub(pageFiles, "page")
	if err != nil {
		panic(err) // the folder is embedded
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.editor)
	mux.HandleFunc("GET /demo", s.page)
	mux.Handle("GET /demo/static/", http.StripPrefix("/demo/static/", http.FileServerFS(static)))
	mux.HandleFunc("POST /demo/mail", s.in((*world).sendMail))
	mux.HandleFunc("GET /demo/state", s.in((*world).state))
	mux.HandleFunc("GET /demo/runs", s.in((*world).runs))
	mux.HandleFunc("GET /demo/runs/{id}", s.in((*world).run))
	mux.HandleFunc("/demo/slack/", s.in(func(w *world, rw http.ResponseWriter, r *http.Request) {
		http.StripPrefix("/demo/slack", w.slack.PageAPI()).ServeHTTP(rw, r)
	}))
	mux.HandleFunc("/", s.in((*world).server))
	return guard(mux)
}

// editor shows the world's flow in the editor. Before the first visit there is no
// world: its language comes with the demo's page.
func (s *site) editor(rw http.ResponseWriter, r *http.Request) {
	if !s.started() {
		http.Redirect(rw, r, "/demo", http.StatusFound)
		return
	}
	s.in((*world).server)(rw, r)
}

// in runs a handler in the world as it is.
func (s *site) in(h func(*world, http.ResponseWriter, *http.Request)) http.HandlerFunc {
	return func(rw http.ResponseWriter, r *http.Request) {
		w, err := s.at(r.Context(), s.fixed)
		if err != nil {
			http.Error(rw, err.Error(), http.StatusInternalServerError)
			return
		}
		h(w, rw, r)
	}
}

// guard lets only this machine in, under a name of its own: the demo signs
// everybody in, so neither the network nor a rebound name may reach it. State
// changes must come from its own pages.
func guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if !local(r.Host) || !localPeer(r.RemoteAddr) {
			http.Error(rw, "the demo answers on this machine only", http.StatusForbidden)
			return
		}
		if fromElsewhere(r) {
			http.Error(rw, "not from another site", http.StatusForbidden)
			return
		}
		rw.Header().Set("X-Frame-Options", "DENY")
		rw.Header().Set("X-Content-Type-Options", "nosniff")
		next.ServeHTTP(rw, r)
	})
}

// fromElsewhere reports requests that a page of another site makes the browser
// send. Its links may lead here; its pictures and frames may not, because the
// demo's page begins a new world for another language.
func fromElsewhere(r *http.Request) bool {
	if origin := r.Header.Get("Origin"); origin != "" && origin != "http://"+r.Host {
		return true
	}
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "same-origin", "none":
		return false
	}
	return r.Method != http.MethodGet || r.Header.Get("Sec-Fetch-Dest") != "document"
}

func local(host string) bool {
	name := host
	if h, _, err := net.SplitHostPort(host); err == nil {
		name = h
	}
	ip := net.ParseIP(strings.Trim(name, "[]"))
	return name == "localhost" || ip != nil && ip.IsLoopback()
}

func localPeer(addr string) bool { return local(addr) }

// page shows the demo. Which language: ?lang=, else the world's if there is
// one, else the browser's.
func (s *site) page(rw http.ResponseWriter, r *http.Request) {
	w, err := s.at(r.Context(), s.language(r))
	if err != nil {
		http.Error(rw, err.Error(), http.StatusInternalServerError)
		return
	}
	rw.Header().Set("Content-Type", "text/html; charset=utf-8")
	rw.Header().Set("Content-Security-Policy", "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:")
	rw.Header().Set("Cache-Control", "no-store")
	if err := pageTemplate.Execute(rw, w.view()); err != nil {
		s.log.Warn("the demo's page", "err", err)
	}
}

func (s *site) language(r *http.Request) locale.Lang {
	switch q := r.URL.Query().Get("lang"); {
	case s.fixed != "":
		return s.fixed
	case q != "":
		return locale.Parse(q)
	case s.started():
		return ""
	}
	return locale.Parse(r.Header.Get("Accept-Language"))
}

func (s *site) started() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.world != nil
}

func writeJSON(rw http.ResponseWriter, v any) {
	rw.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(rw).Encode(v) // the reader has gone
}
