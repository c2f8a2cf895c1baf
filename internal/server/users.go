package server

import (
	"net/http"

	"toban/internal/auth"
)

// userRoutes are about the users.
func (s *Server) userRoutes() []route {
	return []route{
		{pattern: "GET /api/users", handler: s.getUsers, access: manage},
		{pattern: "POST /api/users", handler: s.postUser, access: manage},
		{pattern: "DELETE /api/users/{name}", handler: s.deleteUser, access: manage},
		{pattern: "PUT /api/users/{name}/password", handler: s.putPassword, access: manage},
		{pattern: "POST /api/users/{name}/token", handler: s.postUserToken, access: manage},
	}
}

// getUsers lists the users (GET /api/users).
func (s *Server) getUsers(w http.ResponseWriter, _ *http.Request) error {
	return reply(w, http.StatusOK, map[string]any{"users": s.cfg.Auth.Users()})
}

// postUser adds a user (POST /api/users with {"name", "role", "password"}): 201.
// Without a password they have tokens only.
func (s *Server) postUser(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Name     string
		Role     auth.Role
		Password string
	}
	if err := readJSON(r, &in); err != nil {
		return err
	}
	if err := s.cfg.Auth.Add(in.Name, in.Role, in.Password); err != nil {
		return authFailure(w, err)
	}
	w.WriteHeader(http.StatusCreated)
	return nil
}

// deleteUser removes a user (DELETE /api/users/:name): 204; 409 for the last admin.
func (s *Server) deleteUser(w http.ResponseWriter, r *http.Request) error {
	if err := s.cfg.Auth.Remove(r.PathValue("name")); err != nil {
		return authFailure(w, err)
	}
	return reply(w, http.StatusNoContent, nil)
}

// putPassword gives a user a password (PUT /api/users/:name/password with
// {"password"}): 204. Their sessions end.
func (s *Server) putPassword(w http.ResponseWriter, r *http.Request) error {
	var in struct{ Password string }
	if err := readJSON(r, &in); err != nil {
		return err
	}
	if err := s.cfg.Auth.SetPassword(r.PathValue("name"), in.Password); err != nil {
		return authFailure(w, err)
	}
	return reply(w, http.StatusNoContent, nil)
}

// postUserToken gives a user's programs a token without end, shown only here
// (POST /api/users/:name/token): 201 {"token"}.
func (s *Server) postUserToken(w http.ResponseWriter, r *http.Request) error {
	token, err := s.cfg.Auth.NewToken(r.PathValue("name"))
	if err != nil {
		return authFailure(w, err)
	}
	return reply(w, http.StatusCreated, map[string]string{"token": token})
}
