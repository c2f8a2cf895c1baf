package server

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"toban/internal/auth"
	"toban/internal/locale"
)

// clients are those that may sign in with a password, as in Node-RED.
var clients = []string{"node-red-editor", "node-red-admin"}

// signInRoutes are for signing in and out over the API.
func (s *Server) signInRoutes() []route {
	return []route{
		{pattern: "GET /auth/login", handler: s.getLogin, access: public},
		{pattern: "POST /auth/token", handler: s.postToken, access: public},
		{pattern: "POST /auth/session", handler: s.postSession, access: public},
		{pattern: "POST /auth/revoke", handler: s.postRevoke, access: view},
	}
}

// getLogin says how to sign in (GET /auth/login): browsers at our own page,
// programs with user and password.
func (s *Server) getLogin(w http.ResponseWriter, r *http.Request) error {
	lang := s.lang(r)
	if isBrowser(r) {
		return reply(w, http.StatusOK, map[string]any{
			"type": "strategy", "autoLogin": true, "loginRedirect": loginPath,
			"prompts": []map[string]string{{"type": "button", "label": lang.Text("server.sign_in"), "url": loginPath}},
		})
	}
	return reply(w, http.StatusOK, map[string]any{
		"type": "credentials",
		"prompts": []map[string]string{
			{"id": "username", "type": "text", "label": lang.Text("server.user")},
			{"id": "password", "type": "password", "label": lang.Text("server.password")},
		},
	})
}

// isBrowser tells browsers from programs: all of them call themselves Mozilla.
func isBrowser(r *http.Request) bool { return strings.HasPrefix(r.UserAgent(), "Mozilla/") }

// signIn is the body of POST /auth/token, as a form or as JSON.
type signIn struct {
	Client   string `json:"client_id"`
	Grant    string `json:"grant_type"`
	User     string `json:"username"`
	Password string `json:"password"`
}

// postToken gives a token for the password (POST /auth/token).
func (s *Server) postToken(w http.ResponseWriter, r *http.Request) error {
	in, err := readSignIn(r)
	if err != nil {
		return err
	}
	if in.Grant != "password" {
		return fail(http.StatusBadRequest, "unsupported_grant_type", locale.Errorf("server.grant_type", "type", in.Grant))
	}
	if !slices.Contains(clients, in.Client) {
		return fail(http.StatusUnauthorized, "invalid_client", locale.Errorf("server.client", "client", in.Client))
	}
	token, err := s.cfg.Auth.SignInProgram(r.Context(), s.cfg.Proxies.remote(r), in.User, in.Password)
	if err != nil {
		return authFailure(w, err)
	}
	return reply(w, http.StatusOK, map[string]any{
		"access_token": token, "expires_in": int(auth.SessionLife.Seconds()), "token_type": "Bearer",
	})
}

// postSession signs a page in that is open already (POST /auth/session with
// {"username", "password"}): 204 and the cookie.
func (s *Server) postSession(w http.ResponseWriter, r *http.Request) error {
	if contentType(r) != "application/json" { // a form of another site can't send that
		return fail(http.StatusUnsupportedMediaType, "bad_request", locale.Errorf("server.only_json"))
	}
	var in signIn
	if err := readJSON(r, &in); err != nil {
		return err
	}
	token, err := s.cfg.Auth.SignIn(r.Context(), s.cfg.Proxies.remote(r), in.User, in.Password)
	if err != nil {
		return authFailure(w, err)
	}
	s.setCookie(w, r, token)
	return reply(w, http.StatusNoContent, nil)
}

// authFailure gives an error of package auth its status.
func authFailure(w http.ResponseWriter, err error) error {
	if early, ok := errors.AsType[*auth.WaitError](err); ok {
		w.Header().Set("Retry-After", strconv.Itoa(early.Seconds()))
		return fail(http.StatusTooManyRequests, "too_many_requests", err)
	}
	switch {
	case errors.Is(err, auth.ErrWrong):
		return fail(http.StatusForbidden, "invalid_grant", err)
	case errors.Is(err, auth.ErrInvalid):
		return fail(http.StatusBadRequest, "bad_request", err)
	case errors.Is(err, auth.ErrNotFound):
		return fail(http.StatusNotFound, "not_found", err)
	case errors.Is(err, auth.ErrConflict):
		return fail(http.StatusConflict, "conflict", err)
	default:
		return err
	}
}

func readSignIn(r *http.Request) (in signIn, err error) {
	if contentType(r) == "application/json" {
		return in, readJSON(r, &in)
	}
	if err := r.ParseForm(); err != nil {
		return in, badBody(err)
	}
	return signIn{r.PostForm.Get("client_id"), r.PostForm.Get("grant_type"), r.PostForm.Get("username"), r.PostForm.Get("password")}, nil
}

// postRevoke ends a token, or the session of the request (POST /auth/revoke).
func (s *Server) postRevoke(w http.ResponseWriter, r *http.Request) error {
	var in struct{ Token string }
	if contentType(r) == "application/json" {
		if err := readJSON(r, &in); err != nil {
			return err
		}
	} else {
		in.Token = r.PostFormValue("token")
	}
	if in.Token == "" {
		v := s.visitor(r)
		in.Token = v.token
		if v.cookie {
			s.dropCookie(w, r)
		}
	}
	s.cfg.Auth.SignOut(in.Token)
	w.WriteHeader(http.StatusOK)
	return nil
}
