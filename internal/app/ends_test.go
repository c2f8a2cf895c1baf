package app_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"toban/internal/app"
	"toban/internal/locale"
	"toban/internal/store"
)

// TestDeployAsksBeforeItEnds: a deploy that would end a message that a node
// holds is refused with a list, and does it visibly once that was agreed to.
func TestDeployAsksBeforeItEnds(t *testing.T) {
	a, err := app.New(t.Context(), app.Options{DataDir: t.TempDir(), AdminPassword: "secret", Lang: locale.EN})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = a.Stop(t.Context()) }()
	const held = `[{"id":"t","type":"tab","label":"T"},
	 {"id":"in","type":"http in","z":"t","url":"/hook","method":"get","wires":[["out","wait"]]},
	 {"id":"out","type":"http response","z":"t","statusCode":"202","wires":[]},
	 {"id":"wait","type":"delay","name":"cool down","z":"t","pauseType":"delay","timeout":"1","timeoutUnits":"hours","wires":[[]]}]`
	deploy(t, a, held)
	w := httptest.NewRecorder()
	a.Handler().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://127.0.0.1/hook", nil))
	if w.Code != http.StatusAccepted {
		t.Fatalf("answered %d", w.Code)
	}
	shorter := strings.Replace(held, `"timeout":"1"`, `"timeout":"2"`, 1)
	without := strings.Replace(held, `"out","wait"`, `"out"`, 1)
	without = without[:strings.LastIndex(without, ",\n")] + "]"
	for name, file := range map[string]string{"changed": shorter, "deleted": without} {
		status, body := post(t, a, file, nil)
		var refused struct {
			Code string
			Ends []struct {
				Node, Name, Flow string
				Deleted          bool
				Questions, Held  int
			}
		}
		if err := json.Unmarshal(body, &refused); err != nil || status != http.StatusConflict || refused.Code != "ends_open" || len(refused.Ends) != 1 {
			t.Fatalf("%s: %d %s", name, status, body)
		}
		if end := refused.Ends[0]; end.Node != "wait" || end.Name != "cool down" || end.Flow != "t" || end.Held != 1 || end.Questions != 0 || end.Deleted != (name == "deleted") {
			t.Errorf("%s: %+v", name, end)
		}
	}
	if status, body := post(t, a, without, http.Header{"Toban-End-Open": {"true"}}); status != http.StatusOK {
		t.Fatalf("agreed: %d %s", status, body)
	}
	var runs []store.Run
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if runs, err = a.Store().Runs(t.Context(), store.RunFilter{}); err != nil || runs[0].Status == "failed" {
			break // histories are written soon after, not at once
		}
	}
	if err != nil || len(runs) != 1 || runs[0].Status != "failed" || !strings.Contains(runs[0].Error, "cool down") {
		t.Errorf("the run: %+v, %v", runs, err)
	}
}

func post(t *testing.T, a *app.App, file string, header http.Header) (int, []byte) {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "http://127.0.0.1/flows", strings.NewReader(file))
	if header != nil {
		r.Header = header
	}
	r.Header.Set("Authorization", "Bearer "+a.Token())
	r.Header.Set("Node-RED-API-Version", "v2")
	w := httptest.NewRecorder()
	a.Handler().ServeHTTP(w, r)
	return w.Code, w.Body.Bytes()
}
