package server

import (
	"encoding/json"
	"errors"
	"net/http"

	"toban/internal/locale"
	"toban/internal/message"
	"toban/internal/mishap"
)

// failure is an error with the status and the code that the admin API gives it.
type failure struct {
	status int
	code   string
	err    error
}

func (f *failure) Error() string { return f.err.Error() }
func (f *failure) Unwrap() error { return f.err }

func fail(status int, code string, err error) error {
	return &failure{status: status, code: code, err: err}
}

func notFound(what string) error {
	return fail(http.StatusNotFound, "not_found", locale.Errorf("server.not_found", "what", what))
}

// reply answers with JSON; nil answers 204.
func reply(w http.ResponseWriter, status int, body any) error {
	if body == nil {
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	data, err := json.Marshal(body)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(data) // the client may be gone
	return nil
}

// lang is the reader's language: what the request asks for, else the server's.
func (s *Server) lang(r *http.Request) locale.Lang {
	if tags := r.Header.Get("Accept-Language"); tags != "" {
		return locale.Parse(tags)
	}
	return s.cfg.Lang
}

// failureOf gives an error its status and code; what nobody expected is logged, and
// told in full to administrators only.
func (s *Server) failureOf(r *http.Request, err error) *failure {
	if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
		return &failure{http.StatusRequestEntityTooLarge, "too_large", locale.Errorf("server.too_large")}
	}
	f, ok := errors.AsType[*failure](err)
	if !ok {
		f = &failure{http.StatusInternalServerError, "unexpected_error", mishap.Told(r, s.cfg.Log, s.cfg.Lang, err)}
	}
	return f
}

// refuse answers with an error in the reader's language.
func (s *Server) refuse(w http.ResponseWriter, r *http.Request, f *failure) {
	_ = reply(w, f.status, map[string]string{"code": f.code, "message": s.lang(r).Err(f.err)}) // texts always marshal
}

// replyJSON answers with a text that is JSON already.
func replyJSON(w http.ResponseWriter, data []byte) error {
	return reply(w, http.StatusOK, json.RawMessage(data))
}

// replyValue answers with a message value.
func replyValue(w http.ResponseWriter, v message.Value) error {
	return reply(w, http.StatusOK, message.JSON{Value: v})
}
