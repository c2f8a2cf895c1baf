package app_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"toban/internal/app"
	"toban/internal/locale"
	"toban/internal/sim/mailbox"
)

// ask calls the API as the admin and reads the JSON answer.
func ask(t *testing.T, a *app.App, method, path, body string, into any) int {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, "http://127.0.0.1"+path, bytes.NewBufferString(body))
	r.Header.Set("Authorization", "Bearer "+a.Token())
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	a.Handler().ServeHTTP(w, r)
	if into != nil {
		if err := json.Unmarshal(w.Body.Bytes(), into); err != nil {
			t.Fatalf("%s %s: %d %s", method, path, w.Code, w.Body)
		}
	}
	return w.Code
}

type choices struct {
	Choices []struct {
		Node, Question string
		Options        []struct{ Name string }
	}
}

// A mailbox that is full of unread mails when Toban first sees it is not
// touched until somebody has said what is to happen with them.
func TestBacklogWaitsForAChoice(t *testing.T) {
	box, err := mailbox.Start(mailbox.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = box.Close() })
	for i := range 25 {
		if _, err := box.Add(mailbox.Mail{Subject: fmt.Sprint("old ", i), Text: "x"}); err != nil {
			t.Fatal(err)
		}
	}
	a, err := app.New(t.Context(), app.Options{DataDir: t.TempDir(), AdminPassword: "secret", Lang: locale.EN})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Stop(t.Context()) })
	_, problems, _ := deploy(t, a, fmt.Sprintf(`[{"id":"in","type":"e-mail in","name":"inbox","z":"t","server":%q,"port":"%d",
		"useSSL":false,"repeat":"2","disposition":"Read","wires":[["f"]],"credentials":{"userid":%q,"password":%q}},
		{"id":"f","type":"function","z":"t","func":"return msg","wires":[[]]}]`, box.Host(), box.Port(), box.User(), box.Password()))
	if len(problems) > 0 {
		t.Fatalf("%+v", problems)
	}
	var pending choices
	until(t, "the node asks", func() bool {
		ask(t, a, http.MethodGet, "/api/choices", "", &pending)
		return len(pending.Choices) == 1
	})
	if c := pending.Choices[0]; c.Node != "in" || len(c.Options) != 2 {
		t.Errorf("%+v", c)
	}
	if n := len(box.Unread()); n != 25 {
		t.Errorf("%d mails are unread before the choice", n)
	}
	for option, want := range map[string]int{"everything": http.StatusBadRequest, "": http.StatusBadRequest} {
		if got := ask(t, a, http.MethodPost, "/api/choices/in", `{"option":"`+option+`"}`, nil); got != want {
			t.Errorf("option %q: %d, want %d", option, got, want)
		}
	}
	if got := ask(t, a, http.MethodPost, "/api/choices/in", `{"option":"only-from-now"}`, nil); got != http.StatusNoContent {
		t.Errorf("only from now: %d", got)
	}
	if _, err := box.Add(mailbox.Mail{Subject: "new", Text: "x"}); err != nil {
		t.Fatal(err)
	}
	until(t, "the new mail is read, the old ones are not", func() bool {
		return box.SeenSubject("new") && len(box.Unread()) == 25
	})
	if got := ask(t, a, http.MethodPost, "/api/choices/in", `{"option":"all"}`, nil); got != http.StatusConflict {
		t.Errorf("a second choice: %d", got)
	}
}

// A tab can be switched to rehearsals, and stays so over a restart.
func TestRehearsalOfATab(t *testing.T) {
	o := app.Options{DataDir: t.TempDir(), AdminPassword: "secret", Lang: locale.EN}
	file := `[{"id":"t","type":"tab","label":"tab"},{"id":"i","type":"inject","z":"t","x":1,"y":1,"props":[{"p":"payload"}],"wires":[["w"]]},
		{"id":"w","type":"file","z":"t","x":1,"y":1,"filename":"out.txt","filenameType":"str","overwriteFile":"false","createDir":true,"wires":[]}]`
	var tabs struct{ Tabs map[string]bool }
	for start := range 2 {
		a, err := app.New(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		if start == 0 {
			deploy(t, a, file)
			if got := ask(t, a, http.MethodPost, "/api/rehearsal", `{"tab":"t","on":true}`, nil); got != http.StatusNoContent {
				t.Errorf("switched on: %d", got)
			}
		}
		if ask(t, a, http.MethodGet, "/api/rehearsal", "", &tabs); !tabs.Tabs["t"] {
			t.Errorf("start %d: %v", start, tabs)
		}
		if got := ask(t, a, http.MethodPost, "/inject/i", `{}`, nil); got != http.StatusOK {
			t.Errorf("inject: %d", got)
		}
		var list struct {
			Runs []struct {
				Rehearsal bool
				Status    string
			}
		}
		until(t, "the run is done", func() bool {
			ask(t, a, http.MethodGet, "/api/runs", "", &list)
			return len(list.Runs) == start+1 && list.Runs[0].Status == "done"
		})
		if !list.Runs[0].Rehearsal {
			t.Error("the run is no rehearsal")
		}
		if err := a.Stop(t.Context()); err != nil {
			t.Error(err)
		}
	}
}

func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Fatalf("still waiting: %s", what)
}
