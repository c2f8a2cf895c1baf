package demo

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
)

// client speaks the server's own HTTP API, signed in as its admin.
type client struct {
	handler http.Handler
	token   string
}

// deploy makes file the flow, as the editor's deploy button would.
func (c client) deploy(ctx context.Context, file []byte) error {
	var body bytes.Buffer
	fmt.Fprintf(&body, `{"flows":%s}`, file)
	res := c.do(ctx, http.MethodPost, "/flows", &body)
	if res.Code != http.StatusOK {
		return fmt.Errorf("POST /flows: %d %s", res.Code, res.Body)
	}
	return problems(res.Body.Bytes())
}

// problems gives the errors that a deploy reports; the example has none.
func problems(answer []byte) error {
	var found struct {
		Problems []struct {
			Name, Type, Message string
			Warning             bool
		}
	}
	if err := json.Unmarshal(answer, &found); err != nil {
		return err
	}
	for _, p := range found.Problems {
		if !p.Warning {
			return fmt.Errorf("%s (%s): %s", p.Name, p.Type, p.Message)
		}
	}
	return nil
}

// get reads a JSON answer.
func (c client) get(ctx context.Context, path string, into any) error {
	res := c.do(ctx, http.MethodGet, path, &bytes.Buffer{})
	if res.Code != http.StatusOK {
		return fmt.Errorf("GET %s: %d %s", path, res.Code, res.Body)
	}
	return json.Unmarshal(res.Body.Bytes(), into)
}

func (c client) do(ctx context.Context, method, path string, body *bytes.Buffer) *httptest.ResponseRecorder {
	r := httptest.NewRequestWithContext(ctx, method, "http://127.0.0.1"+path, body)
	r.RemoteAddr = "127.0.0.1:1"
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Node-RED-API-Version", "v2")
	c.sign(r)
	res := httptest.NewRecorder()
	c.handler.ServeHTTP(res, r)
	return res
}

// sign makes a request the admin's.
func (c client) sign(r *http.Request) { r.Header.Set("Authorization", "Bearer "+c.token) }
