package cli

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"toban/internal/locale"
)

func TestChoices(t *testing.T) {
	var chosen string
	mux := http.NewServeMux()
	mux.HandleFunc("GET /api/choices", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"choices":[{"node":"n1","name":"inbox","tab":"AWS mails","question":"25 unread mails. Which ones?",
			"options":[{"name":"all","label":"All 25","means":"The flow runs at once."},{"name":"only-from-now","label":"Only from now"}]}]}`)
	})
	mux.HandleFunc("POST /api/choices/{node}", func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		chosen = r.PathValue("node") + " " + string(body)
		w.WriteHeader(http.StatusNoContent)
	})
	srv := httptest.NewServer(mux)
	t.Cleanup(srv.Close)
	t.Setenv("TOBAN_URL", srv.URL)
	t.Setenv("TOBAN_ADMIN_PASSWORD", "")
	got := command(t, locale.EN, "", "choices")
	if got.code != exitOK || !strings.Contains(got.stdout, "toban choices n1 only-from-now") ||
		!strings.Contains(got.stdout, "inbox (tab AWS mails): 25 unread") || !strings.Contains(got.stdout, "The flow runs at once.") {
		t.Errorf("%+v", got)
	}
	got = command(t, locale.JA, "", "choices", "n1", "only-from-now")
	if got.code != exitOK || chosen != `n1 {"option":"only-from-now"}` {
		t.Errorf("%+v, chosen %s", got, chosen)
	}
}
