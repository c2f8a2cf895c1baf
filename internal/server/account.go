package server

import (
	"net/http"

	"toban/internal/auth"
	"toban/internal/locale"
)

// accountPages are for one's own account.
func (s *Server) accountPages() []route {
	return []route{
		{pattern: "GET /auth/account", handler: s.getAccount, access: view},
		{pattern: "POST /auth/account", handler: s.postAccount, access: view},
	}
}

var accountPage = pageOf("account")

// getAccount shows who one is, and the form for a new password (GET /auth/account).
func (s *Server) getAccount(w http.ResponseWriter, r *http.Request) error {
	v := pageView{}
	if r.URL.Query().Has("changed") {
		v.done = []string{"server.password_changed"}
	}
	return s.showAccount(w, r, http.StatusOK, v)
}

func (s *Server) showAccount(w http.ResponseWriter, r *http.Request, status int, v pageView) error {
	p := auth.PersonFrom(r.Context())
	v.title, v.section = "server.page_account", "account"
	v.Name, v.Role, v.Admin, v.Fixed = p.Name, p.Role, p.Role.May(auth.Manage), s.cfg.Auth.Fixed(p.Name)
	return s.show(w, r, status, accountPage, v)
}

// postAccount changes one's own password; the other sessions end (POST /auth/account).
func (s *Server) postAccount(w http.ResponseWriter, r *http.Request) error {
	password, err := newPassword(r)
	token := ""
	if err == nil {
		name := auth.PersonFrom(r.Context()).Name
		token, err = s.cfg.Auth.ChangePassword(r.Context(), s.cfg.Proxies.remote(r), name, r.PostForm.Get("old"), password)
	}
	if err == nil {
		s.setCookie(w, r, token)
		redirect(w, "/auth/account?changed")
		return nil
	}
	f := said(w, err)
	if f == nil {
		return err
	}
	return s.showAccount(w, r, f.status, pageView{err: f.err})
}

// newPassword reads a form with a password that was typed twice.
func newPassword(r *http.Request) (string, error) {
	if err := r.ParseForm(); err != nil {
		return "", badBody(err)
	}
	password := r.PostForm.Get("password")
	if password != r.PostForm.Get("again") {
		return "", locale.Errorf("server.passwords_differ").Because(auth.ErrInvalid)
	}
	return password, nil
}
