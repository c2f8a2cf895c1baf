package server

import (
	"net/http"
	"net/url"

	"toban/internal/auth"
)

// usersPages are for whoever looks after the users.
func (s *Server) usersPages() []route {
	return []route{
		{pattern: "GET /auth/users", handler: s.getUsersPage, access: manage},
		{pattern: "POST /auth/users", handler: s.postUsersPage, access: manage},
	}
}

var usersPage = pageOf("users")

// usersDone are the texts for what has been done, by the query that tells of it.
var usersDone = []string{"added", "removed", "changed"}

// getUsersPage lists the users (GET /auth/users).
func (s *Server) getUsersPage(w http.ResponseWriter, r *http.Request) error {
	v := pageView{Role: auth.Viewer}
	for _, what := range usersDone {
		if name := r.URL.Query().Get(what); name != "" {
			v.done = []string{"server.user_" + what, name}
		}
	}
	return s.showUsers(w, r, http.StatusOK, v)
}

func (s *Server) showUsers(w http.ResponseWriter, r *http.Request, status int, v pageView) error {
	v.title, v.section = "server.page_users", "users"
	v.Name, v.Users, v.Roles = auth.PersonFrom(r.Context()).Name, s.cfg.Auth.Users(), auth.Roles()
	return s.show(w, r, status, usersPage, v)
}

// postUsersPage does what one of the page's forms asks for (POST /auth/users).
func (s *Server) postUsersPage(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return badBody(err)
	}
	f := r.PostForm
	name, v, done := f.Get("name"), pageView{Role: auth.Viewer}, ""
	var err error
	switch f.Get("do") {
	case "add":
		v.New, v.Role, done = name, auth.Role(f.Get("role")), "added"
		err = s.cfg.Auth.Add(name, v.Role, f.Get("password"))
	case "remove":
		done, err = "removed", s.cfg.Auth.Remove(name)
	case "password":
		done, err = "changed", s.cfg.Auth.SetPassword(name, f.Get("password"))
	case "token":
		v.Of = name
		v.Token, err = s.cfg.Auth.NewToken(name)
	default:
		return badParameter("do", f.Get("do"))
	}
	switch {
	case err != nil:
		f := said(w, err)
		if f == nil {
			return err
		}
		v.err = f.err
		return s.showUsers(w, r, f.status, v)
	case done == "": // the token is shown only here
		return s.showUsers(w, r, http.StatusOK, v)
	}
	redirect(w, "/auth/users?"+url.Values{done: {name}}.Encode())
	return nil
}
