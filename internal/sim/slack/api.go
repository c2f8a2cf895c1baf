package slack

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Call is one call of the Web API, for tests that count them.
type Call struct {
	Method string
	Args   url.Values // the token left out
}

// request is one call as a method sees it.
type request struct {
	url.Values
	r *http.Request
}

// reply is the body of an answer; ok is added.
type reply map[string]any

// fail is an `"ok": false` answer.
type fail struct {
	code  string
	extra reply
}

func (f *fail) Error() string { return f.code }

func refuse(code string) error { return &fail{code: code} }

type method struct {
	scope string // any one of these, separated by "|"; "" needs none
	app   bool   // takes the app-level token
	call  func(w *Workspace, q request) (reply, error)
}

var methods = map[string]method{
	"api.test":              {call: func(*Workspace, request) (reply, error) { return reply{}, nil }},
	"auth.test":             {call: (*Workspace).authTest},
	"team.info":             {scope: "team:read", call: (*Workspace).teamInfo},
	"apps.connections.open": {app: true, call: (*Workspace).connectionsOpen},
	"chat.postMessage":      {scope: "chat:write", call: (*Workspace).postMessage},
	"chat.update":           {scope: "chat:write", call: (*Workspace).update},
	"chat.delete":           {scope: "chat:write", call: (*Workspace).delete},
	"chat.postEphemeral":    {scope: "chat:write", call: (*Workspace).postEphemeral},
	"conversations.list":    {scope: "channels:read|groups:read", call: (*Workspace).conversationsList},
	"conversations.info":    {scope: "channels:read|groups:read", call: (*Workspace).conversationsInfo},
	"conversations.history": {scope: "channels:history|groups:history", call: (*Workspace).history},
	"conversations.replies": {scope: "channels:history|groups:history", call: (*Workspace).replies},
	"conversations.join":    {scope: "channels:join", call: (*Workspace).join},
	"users.info":            {scope: "users:read", call: (*Workspace).usersInfo},
	"users.list":            {scope: "users:read", call: (*Workspace).usersList},
	"users.conversations":   {scope: "channels:read|groups:read", call: (*Workspace).usersConversations},
}

func (w *Workspace) routes() *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("/api/{method}", w.api)
	mux.HandleFunc("/socket/{ticket}", w.acceptSocket)
	mux.HandleFunc("/response/{id}", func(rw http.ResponseWriter, _ *http.Request) { rw.WriteHeader(http.StatusOK) })
	return mux
}

// maxBody is far above what any message may hold.
const maxBody = 4 << 20

func (w *Workspace) api(rw http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(rw, r.Body, maxBody)
	q := request{args(r), r}
	name := r.PathValue("method")
	token := bearer(r, q)
	q.Del("token")
	w.mu.Lock()
	w.calls = append(w.calls, Call{name, q.Values})
	fault := w.takeFault(name)
	w.mu.Unlock()
	if fault != nil && fault.answer(rw, r) {
		return
	}
	body, err := w.call(name, token, q)
	if fault != nil && fault.LoseResponse {
		panic(http.ErrAbortHandler) // the call happened, the caller never hears of it
	}
	w.answer(rw, body, err)
}

func (w *Workspace) call(name, token string, q request) (reply, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	m, ok := methods[name]
	switch {
	case !ok:
		return nil, refuse("unknown_method")
	case token == "":
		return nil, refuse("not_authed")
	case w.revoked != "":
		return nil, refuse(w.revoked)
	case m.app && token != w.cfg.AppToken, !m.app && token == w.cfg.AppToken:
		if token == w.cfg.BotToken || token == w.cfg.AppToken {
			return nil, refuse("not_allowed_token_type")
		}
		return nil, refuse("invalid_auth")
	case !m.app && token != w.cfg.BotToken:
		return nil, refuse("invalid_auth")
	}
	if m.scope != "" && !w.allowed(m.scope) {
		needed, _, _ := strings.Cut(m.scope, "|")
		return nil, w.missing(needed)
	}
	return m.call(w, q)
}

// missing is the refusal of a call for want of a scope. w.mu is held.
func (w *Workspace) missing(needed string) error {
	return &fail{"missing_scope", reply{"needed": needed, "provided": strings.Join(w.cfg.Scopes, ",")}}
}

// allowed reports whether one of the scopes was granted. w.mu is held.
func (w *Workspace) allowed(scopes string) bool {
	for scope := range strings.SplitSeq(scopes, "|") {
		if slices.Contains(w.cfg.Scopes, scope) {
			return true
		}
	}
	return false
}

func (w *Workspace) answer(rw http.ResponseWriter, body reply, err error) {
	if body == nil {
		body = reply{}
	}
	body["ok"] = err == nil
	if f, refused := errors.AsType[*fail](err); refused {
		body["error"] = f.code
		for k, v := range f.extra {
			body[k] = v
		}
	}
	w.mu.Lock()
	scopes := strings.Join(w.cfg.Scopes, ",")
	w.mu.Unlock()
	rw.Header().Set("X-OAuth-Scopes", scopes)
	rw.Header().Set("Content-Type", "application/json; charset=utf-8")
	_ = json.NewEncoder(rw).Encode(body)
}

// args reads the arguments of a call: a form, a query or JSON, whose nested
// values become JSON text as they are in a form.
func args(r *http.Request) url.Values {
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		_ = r.ParseMultipartForm(maxBody) // a plain form is parsed too
		if r.Form == nil {
			return url.Values{}
		}
		return r.Form
	}
	values := r.URL.Query()
	var body map[string]json.RawMessage
	raw, _ := io.ReadAll(r.Body)
	if json.Unmarshal(raw, &body) != nil {
		return values
	}
	for k, v := range body {
		var text string
		if json.Unmarshal(v, &text) != nil {
			text = string(v)
		}
		values.Set(k, text)
	}
	return values
}

func bearer(r *http.Request, q request) string {
	if token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		return token
	}
	return q.Get("token")
}

// Calls lists the calls of a method so far; "" lists all.
func (w *Workspace) Calls(method string) []Call {
	w.mu.Lock()
	defer w.mu.Unlock()
	var list []Call
	for _, c := range w.calls {
		if method == "" || c.Method == method {
			list = append(list, c)
		}
	}
	return list
}
