package server

import (
	"embed"
	"errors"
	"html/template"
	"net/http"
	"net/url"

	"toban/internal/auth"
	"toban/internal/page"
)

//go:embed pages
var pageFiles embed.FS

// pageOf is the body of one page, with the parts that several have.
func pageOf(name string) *template.Template {
	var texts []string
	for _, file := range []string{name, "parts"} {
		data, err := pageFiles.ReadFile("pages/" + file + ".html")
		if err != nil {
			panic(err) // it is part of the binary
		}
		texts = append(texts, string(data))
	}
	return page.Template(texts...)
}

// pageView is what the bodies of this package's pages are filled with.
type pageView struct {
	title, section string   // key of the title, and the part of the navigation
	err            error    // what failed
	done           []string // what has been done: the text's key, and a user's name if it tells one
	here           *url.URL // nil: the request's own address

	Title string // key of the heading
	Error string // announced by screen readers
	Done  string // the same
	Name  string // of the user
	Role  auth.Role
	To    string // where to go after signing in
	Token string
	Open  bool   // no admin has a password yet
	Fixed bool   // the password comes from the environment
	Admin bool   // may look after the users
	New   string // the name in the form for a new user
	Of    string // whose token it is
	Users []auth.User
	Roles []auth.Role
}

// RoleKey is the key of a role's name.
func (pageView) RoleKey(r auth.Role) string { return "server.role_" + string(r) }

// show answers with a page.
func (s *Server) show(w http.ResponseWriter, r *http.Request, status int, body *template.Template, v pageView) error {
	p := page.For(w, r, s.cfg.Lang)
	p.Title, p.Section, v.Title = p.Lang.Text(v.title), v.section, v.title
	if v.here != nil {
		p.Here = v.here
	}
	if v.err != nil {
		v.Error = p.Lang.Err(v.err)
	}
	if len(v.done) > 0 {
		v.Done = p.Lang.Text(v.done[0], "name", v.done[len(v.done)-1])
	}
	return page.Write(w, status, p, body, v)
}

// said is what went wrong with a form, so that the form can tell it; nil if the
// person at the form can't mend it.
func said(w http.ResponseWriter, err error) *failure {
	f, ok := errors.AsType[*failure](authFailure(w, err))
	if !ok {
		return nil
	}
	return f
}

var problemPage = pageOf("problem")

// showProblem answers a person with an error.
func (s *Server) showProblem(w http.ResponseWriter, r *http.Request, f *failure) {
	v := pageView{title: "server.page_problem", err: f.err}
	switch f.status {
	case http.StatusForbidden:
		v.title = "server.page_forbidden"
	case http.StatusNotFound:
		v.title = "server.page_not_found"
	}
	if err := s.show(w, r, f.status, problemPage, v); err != nil {
		s.cfg.Log.Error(err.Error(), "path", r.URL.Path)
	}
}
