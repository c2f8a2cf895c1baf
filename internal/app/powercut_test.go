package app_test

import (
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"toban/internal/app"
	"toban/internal/locale"
	"toban/internal/testparts/powercut"
)

// flowsOf gives the flow file that a server on a folder runs.
func flowsOf(t *testing.T, dir string) string {
	t.Helper()
	a, err := app.New(t.Context(), app.Options{DataDir: dir, Lang: locale.EN})
	if err != nil {
		t.Fatalf("the server doesn't start: %v", err)
	}
	defer func() { _ = a.Stop(t.Context()) }()
	return flowsOn(t, a)
}

func flowsOn(t *testing.T, a *app.App) string {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://127.0.0.1/flows", nil)
	r.Header.Set("Authorization", "Bearer "+a.Token())
	w := httptest.NewRecorder()
	a.Handler().ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		t.Fatalf("GET /flows: %d %s", w.Code, w.Body)
	}
	return w.Body.String()
}

// TestServerStartsAfterEveryPowerCut: from the first start on an empty disk to the
// second deploy, whatever a cut leaves is something that a server starts from,
// with the old or the new flows.
func TestServerStartsAfterEveryPowerCut(t *testing.T) {
	disk := t.TempDir()
	record := powercut.Record(t, disk)
	dir := filepath.Join(disk, "new", "data")
	a, err := app.New(t.Context(), app.Options{DataDir: dir, Lang: locale.EN})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = a.Stop(t.Context()) }()
	record.Step()
	want := []string{"[]", "[]"}
	for _, host := range []string{"a", "b"} {
		text := `[{"id":"c","type":"connection","name":"host","host":"HOST.example","username":"ops","credentials":{"password":"for-HOST"}}]`
		status, _, message := deploy(t, a, strings.ReplaceAll(text, "HOST", host))
		if status != http.StatusOK {
			t.Fatalf("deploy: %d %s", status, message)
		}
		record.Step()
		want = append(want, flowsOn(t, a))
	}
	states := record.Each(t, func(s powercut.State) {
		got := flowsOf(t, filepath.Join(s.Dir, "new", "data"))
		if got != want[s.Done] && (!s.Doing || got != want[s.Done+1]) {
			t.Errorf("after %s, %d steps done: %s", s.After, s.Done, got)
		}
	})
	t.Logf("%d states", states)
	if states < 40 {
		t.Errorf("only %d states were tried", states)
	}
}
