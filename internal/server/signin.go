package server

import (
	"net/http"
	"net/url"

	"toban/internal/auth"
)

// signInPages are the pages for signing in and out, and for the first password.
func (s *Server) signInPages() []route {
	return []route{
		{pattern: "GET /login", handler: s.getLoginPage, access: public},
		{pattern: "POST /login", handler: s.postLogin, access: public},
		{pattern: "POST /auth/logout", handler: s.postLogout, access: public},
		{pattern: "GET /auth/setup", handler: s.getSetup, access: public},
		{pattern: "POST /auth/setup", handler: s.postSetup, access: public},
	}
}

var loginPage, setupPage = pageOf("login"), pageOf("setup")

// getLoginPage shows the form, or goes on for whoever has signed in (GET /login?to=).
func (s *Server) getLoginPage(w http.ResponseWriter, r *http.Request) error {
	to := ownPath(r.URL.Query().Get("to"))
	if auth.PersonFrom(r.Context()).Known() {
		redirect(w, to)
		return nil
	}
	return s.showLogin(w, r, http.StatusOK, pageView{To: to})
}

func (s *Server) showLogin(w http.ResponseWriter, r *http.Request, status int, v pageView) error {
	v.title, v.here = "server.page_login", &url.URL{Path: loginPath, RawQuery: url.Values{"to": {v.To}}.Encode()}
	v.Open = s.cfg.Auth.SetupToken() != ""
	return s.show(w, r, status, loginPage, v)
}

// postLogin signs in and goes on (POST /login).
func (s *Server) postLogin(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return badBody(err)
	}
	name, to := r.PostForm.Get("username"), ownPath(r.PostForm.Get("to"))
	token, err := s.cfg.Auth.SignIn(r.Context(), s.cfg.Proxies.remote(r), name, r.PostForm.Get("password"))
	if err == nil {
		s.setCookie(w, r, token)
		redirect(w, to)
		return nil
	}
	f := said(w, err)
	if f == nil {
		return err
	}
	return s.showLogin(w, r, f.status, pageView{To: to, Name: name, err: f.err})
}

// postLogout ends the session (POST /auth/logout).
func (s *Server) postLogout(w http.ResponseWriter, r *http.Request) error {
	if v := s.visitor(r); v.person.Known() {
		s.cfg.Auth.SignOut(v.token)
	}
	s.dropCookie(w, r)
	redirect(w, loginPath)
	return nil
}

// originOnly keeps the set-up link's token out of Referer headers; unlike
// no-referrer it lets browsers say the Origin of the form.
const originOnly = "strict-origin"

// getSetup shows the form for the admin's first password to whoever has the
// link (GET /auth/setup?token=).
func (s *Server) getSetup(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Referrer-Policy", originOnly)
	token := r.URL.Query().Get("token")
	if err := s.cfg.Auth.MaySetUp(token); err != nil {
		return authFailure(w, err)
	}
	return s.showSetup(w, r, http.StatusOK, pageView{Token: token})
}

func (s *Server) showSetup(w http.ResponseWriter, r *http.Request, status int, v pageView) error {
	v.title, v.Name, v.here = "server.page_setup", auth.AdminName, setupLink(v.Token)
	return s.show(w, r, status, setupPage, v)
}

func setupLink(token string) *url.URL {
	return &url.URL{Path: "/auth/setup", RawQuery: url.Values{"token": {token}}.Encode()}
}

// postSetup sets the admin's first password and signs in (POST /auth/setup).
func (s *Server) postSetup(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Referrer-Policy", originOnly)
	password, err := newPassword(r)
	token := r.PostForm.Get("token")
	if over := s.cfg.Auth.MaySetUp(token); over != nil {
		return authFailure(w, over)
	}
	session := ""
	if err == nil {
		session, err = s.cfg.Auth.SetUp(token, password)
	}
	if err == nil {
		s.setCookie(w, r, session)
		redirect(w, "/")
		return nil
	}
	f := said(w, err)
	if f == nil {
		return err
	}
	return s.showSetup(w, r, f.status, pageView{Token: token, err: f.err})
}
