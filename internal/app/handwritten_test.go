package app_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"toban/internal/app"
	"toban/internal/locale"
)

// TestHandwrittenCredentials: a password that stands in flows.json is encrypted at
// the start; nobody is shown it, and no revision keeps it.
func TestHandwrittenCredentials(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "flows.json")
	const text = `[{"id":"c","type":"connection","name":"bastion","host":"h.example","username":"ops","credentials":{"password":"hunter2-by-hand"}}]`
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	a, err := app.New(t.Context(), app.Options{DataDir: dir, AdminPassword: "secret", Lang: locale.EN})
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://127.0.0.1/flows", nil)
	r.Header.Set("Authorization", "Bearer "+a.Token())
	w := httptest.NewRecorder()
	a.Handler().ServeHTTP(w, r)
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "bastion") || strings.Contains(w.Body.String(), "hunter2") {
		t.Errorf("GET /flows: %d %s", w.Code, w.Body)
	}
	r = httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://127.0.0.1/credentials/connection/c", nil)
	r.Header.Set("Authorization", "Bearer "+a.Token())
	w = httptest.NewRecorder()
	a.Handler().ServeHTTP(w, r)
	if !strings.Contains(w.Body.String(), `"has_password":true`) {
		t.Errorf("the password is lost: %s", w.Body)
	}
	if err := a.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	names, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if data, err := os.ReadFile(name); err == nil && strings.Contains(string(data), "hunter2") {
			t.Errorf("%s has the password", filepath.Base(name))
		}
	}
}
