package server

import (
	"math"
	"net"
	"net/http"
	"slices"
	"strconv"

	"toban/internal/locale"
)

// clients are those that may sign in with a password, as in Node-RED.
var clients = []string{"node-red-editor", "node-red-admin"}

// signInRoutes are for signing in and out.
func (s *Server) signInRoutes() []route {
	return []route{
		{pattern: "GET /auth/login", handler: s.getLogin, access: public},
		{pattern: "POST /auth/token", handler: s.postToken, access: public},
		{pattern: "POST /auth/revoke", handler: s.postRevoke, access: view},
	}
}

// getLogin says how to sign in (GET /auth/login).
func (s *Server) getLogin(w http.ResponseWriter, r *http.Request) error {
	lang := s.lang(r)
	return reply(w, http.StatusOK, map[string]any{
		"type": "credentials",
		"prompts": []map[string]string{
			{"id": "username", "type": "text", "label": lang.Text("server.user")},
			{"id": "password", "type": "password", "label": lang.Text("server.password")},
		},
	})
}

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
	s.signingIn.Lock() // one guess at a time: many at once are slowed as well
	defer s.signingIn.Unlock()
	address := remote(r)
	if wait := s.guesses.wait(address); wait > 0 {
		seconds := strconv.Itoa(int(math.Ceil(wait.Seconds())))
		w.Header().Set("Retry-After", seconds)
		return fail(http.StatusTooManyRequests, "too_many_requests", locale.Errorf("server.too_many_guesses", "seconds", seconds))
	}
	if !s.cfg.Account.check(in.User, in.Password) {
		s.guesses.failed(address)
		s.cfg.Log.Warn(s.cfg.Lang.Text("server.log_wrong_password"), "address", address)
		return fail(http.StatusForbidden, "invalid_grant", locale.Errorf("server.wrong_password"))
	}
	s.guesses.succeeded(address)
	return reply(w, http.StatusOK, map[string]any{
		"access_token": s.tokens.issue(), "expires_in": int(tokenLife.Seconds()), "token_type": "Bearer",
	})
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

// postRevoke ends a token (POST /auth/revoke).
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
		in.Token = bearer(r)
	}
	s.tokens.revoke(in.Token)
	w.WriteHeader(http.StatusOK)
	return nil
}

func remote(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
