package crash

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const adminPassword = "an admin's password"

// api is a client that knows that the server may be killed at any time: every
// call may fail.
type api struct {
	base  string
	http  *http.Client
	token string
}

func newAPI(addr string) *api {
	return &api{base: "http://" + addr, http: &http.Client{Timeout: 5 * time.Second}}
}

var errSignedOut = errors.New("not signed in")

func (a *api) signIn(user, password string) error {
	form := url.Values{"client_id": {"node-red-admin"}, "grant_type": {"password"}, "scope": {"*"}, "username": {user}, "password": {password}}
	res, err := a.http.PostForm(a.base+"/auth/token", form)
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()
	var answer struct {
		Token string `json:"access_token"`
	}
	if err := json.NewDecoder(res.Body).Decode(&answer); err != nil {
		return err
	}
	if answer.Token == "" {
		return fmt.Errorf("sign in: %s", res.Status)
	}
	a.token = answer.Token
	return nil
}

// call does a request; into, unless nil, gets the answer. An error means that
// nobody knows what the server did, unless it is a *refused.
func (a *api) call(method, path string, body, into any, header ...string) error {
	var text []byte
	if body != nil {
		var err error
		if text, err = json.Marshal(body); err != nil {
			return err
		}
	}
	req, err := http.NewRequest(method, a.base+path, bytes.NewReader(text))
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+a.token)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Node-RED-API-Version", "v2")
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := a.http.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()
	answer, err := io.ReadAll(res.Body)
	switch {
	case err != nil:
		return err
	case res.StatusCode == http.StatusUnauthorized:
		a.token = ""
		return errSignedOut
	case res.StatusCode >= 300:
		return &refused{res.StatusCode, strings.TrimSpace(string(answer))}
	case into == nil:
		return nil
	}
	return json.Unmarshal(answer, into)
}

// refused is an answer that says no.
type refused struct {
	status int
	text   string
}

func (r *refused) Error() string { return fmt.Sprintf("%d %s", r.status, r.text) }

type run struct{ ID, Status, Title, Waiting, Error, Source string }

func (r run) open() bool { return r.Status == "running" || r.Status == "waiting" }

func (a *api) runs() ([]run, error) {
	var list struct{ Runs []run }
	err := a.call(http.MethodGet, "/api/runs?limit=500", nil, &list)
	return list.Runs, err
}

type question struct {
	ID, Run, Node, Kind, Title, State string
	Step                              int
	Answer                            *struct{ Value, By string }
}

func (a *api) questions() ([]question, error) {
	var list struct{ Questions []question }
	err := a.call(http.MethodGet, "/api/questions?limit=500", nil, &list)
	return list.Questions, err
}

// steps are the steps of a run, for the log of a failed test.
func (a *api) steps(run string) string {
	var answer struct {
		Steps []struct {
			Seq                           int
			NodeName, Type, Status, Error string
			Note                          string
		}
	}
	if err := a.call(http.MethodGet, "/api/runs/"+run, nil, &answer); err != nil {
		return err.Error()
	}
	var b strings.Builder
	for _, s := range answer.Steps {
		fmt.Fprintf(&b, "\n  %d %-12s %-10s %-11s %s %q", s.Seq, s.NodeName, s.Type, s.Status, s.Error, s.Note)
	}
	return b.String()
}
