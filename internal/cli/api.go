package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"toban/internal/locale"
)

// server is how a command reaches a running server.
type server struct {
	URL      string `help:"${api_url}" env:"TOBAN_URL" placeholder:"URL" default:"http://127.0.0.1:1880"`
	Token    string `help:"${api_token}" env:"TOBAN_TOKEN" placeholder:"TOKEN"`
	Password string `help:"${api_password}" env:"TOBAN_ADMIN_PASSWORD" placeholder:"TEXT"`
}

// maxAnswer bounds what is read of one answer, in bytes.
const maxAnswer = 64 << 20

// client speaks the server's HTTP API.
type client struct {
	base  string
	token string
	http  *http.Client
}

// connect signs in: with the token if there is one, else with the admin's password.
func (s server) connect(ctx context.Context) (*client, error) {
	c := &client{base: strings.TrimRight(s.URL, "/"), token: s.Token, http: &http.Client{Timeout: 30 * time.Second}}
	if c.token != "" || s.Password == "" {
		return c, nil
	}
	return c, c.signIn(ctx, s.Password)
}

// signInPath gives tokens for passwords.
const signInPath = "/auth/token"

func (c *client) signIn(ctx context.Context, password string) error {
	form := url.Values{
		"client_id": {"node-red-admin"}, "grant_type": {"password"}, "scope": {"*"},
		"username": {"admin"}, "password": {password},
	}
	var answer struct {
		Token string `json:"access_token"`
	}
	err := c.do(ctx, http.MethodPost, signInPath, strings.NewReader(form.Encode()), "application/x-www-form-urlencoded", &answer)
	c.token = answer.Token
	return err
}

// get reads a JSON answer.
func (c *client) get(ctx context.Context, path string, into any) error {
	return c.do(ctx, http.MethodGet, path, nil, "", into)
}

// copyTo prints a JSON answer, indented.
func (c *client) copyTo(ctx context.Context, path string, w io.Writer) error {
	var answer json.RawMessage
	if err := c.get(ctx, path, &answer); err != nil {
		return err
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(answer)
}

// post asks for something to be done.
func (c *client) post(ctx context.Context, path string) error {
	return c.do(ctx, http.MethodPost, path, strings.NewReader("{}"), "application/json", nil)
}

// send asks with a JSON body, if there is one.
func (c *client) send(ctx context.Context, method, path string, body, into any) error {
	if body == nil {
		return c.do(ctx, method, path, nil, "", into)
	}
	data, err := json.Marshal(body)
	if err != nil {
		return err
	}
	return c.do(ctx, method, path, bytes.NewReader(data), "application/json", into)
}

func (c *client) do(ctx context.Context, method, path string, body io.Reader, contentType string, into any) error {
	req, err := http.NewRequestWithContext(ctx, method, c.base+path, body)
	if err != nil {
		return locale.Errorf("cli.bad_url", "url", c.base).Because(err)
	}
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	req.Header.Set("Accept-Language", string(locale.FromEnv())) // its reasons are printed as they come
	if c.token != "" {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return locale.Errorf("cli.unreachable", "url", c.base).Because(reason(err))
	}
	defer func() { _ = resp.Body.Close() }()
	data, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return locale.Errorf("cli.unreachable", "url", c.base).Because(err)
	}
	if resp.StatusCode >= 300 {
		return refused(resp, path, data)
	}
	if into == nil {
		return nil
	}
	if err := json.Unmarshal(data, into); err != nil {
		return locale.Errorf("cli.not_toban", "url", c.base).Because(err)
	}
	return nil
}

// reason drops the method and address that url.Error repeats.
func reason(err error) error {
	if e, ok := errors.AsType[*url.Error](err); ok {
		return e.Err
	}
	return err
}

// refused makes the error of an answer that isn't a success.
func refused(resp *http.Response, path string, data []byte) error {
	var body struct{ Message string }
	_ = json.Unmarshal(data, &body) // an answer without a message is told by its status
	switch {
	case resp.StatusCode == http.StatusUnauthorized, resp.StatusCode == http.StatusForbidden && path == signInPath:
		return locale.Errorf("cli.not_allowed", "status", resp.Status)
	case resp.StatusCode == http.StatusNotFound && !strings.HasPrefix(path, "/api/users/"):
		return locale.Errorf("cli.not_found", "path", path)
	}
	return locale.Errorf("cli.refused", "status", resp.Status, "message", body.Message)
}
