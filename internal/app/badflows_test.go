package app_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"toban/internal/app"
	"toban/internal/locale"
)

type problem struct {
	Node, Type, Name, Flow, Message string
	Warning                         bool
}

// deploy posts a flow file as the editor does.
func deploy(t *testing.T, a *app.App, file string) (status int, problems []problem, message string) {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "http://127.0.0.1/flows", bytes.NewBufferString(file))
	r.Header.Set("Authorization", "Bearer "+a.Token())
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Node-RED-API-Version", "v2")
	w := httptest.NewRecorder()
	a.Handler().ServeHTTP(w, r)
	var answer struct {
		Problems []problem
		Message  string
	}
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	return w.Code, answer.Problems, answer.Message
}

// What is wrong with a flow file is said at deploy: which node, and what to do.
// Nothing else stops working.
func TestBadFlowsNameTheNodeAndTheMend(t *testing.T) {
	const bystander = `{"id":"b1","type":"http in","z":"ok","url":"/ok","method":"get","wires":[["b2"]]},
		{"id":"b2","type":"http response","z":"ok","statusCode":"202","wires":[]},`
	for name, tc := range map[string]struct {
		nodes string
		node  string   // the id that the problem names
		says  []string // in English
	}{
		"unknown type": {
			`{"id":"x","type":"phone call","name":"call me","z":"t","x":1,"y":1,"wires":[]}`, "x", []string{"call me", "phone call", "delete or disable"}},
		"cycle of subflows": {
			`{"id":"s1","type":"subflow","name":"one","in":[],"out":[]},{"id":"i1","type":"subflow:s1","z":"s1","x":1,"y":1,"wires":[]},
			 {"id":"x","type":"subflow:s1","z":"t","x":1,"y":1,"wires":[]}`, "", []string{"one"}},
		"wire to nowhere": {
			`{"id":"x","type":"template","name":"text","z":"t","template":"hi","x":1,"y":1,"wires":[["gone"]]}`, "x", []string{"text", "gone"}},
		"template that does not parse": {
			`{"id":"x","type":"template","name":"text","z":"t","template":"{{#open}}","x":1,"y":1,"wires":[]}`, "x", []string{"open"}},
		"JSONata that does not parse": {
			`{"id":"x","type":"change","name":"ids","z":"t","rules":[{"t":"set","p":"a","pt":"msg","to":"$match(","tot":"jsonata"}],"x":1,"y":1,"wires":[]}`, "x", nil},
		"function that does not parse": {
			`{"id":"x","type":"function","name":"js","z":"t","func":"return {","x":1,"y":1,"wires":[]}`, "x", nil},
		"mailbox without password": {
			`{"id":"x","type":"e-mail in","name":"inbox","z":"t","server":"imap.example.com","port":"993","useSSL":true,"x":1,"y":1,"wires":[],"credentials":{"userid":"me"}}`,
			"x", []string{"password"}},
		"host without credentials": {
			`{"id":"x","type":"connection","z":"","name":"bastion","host":"bastion.example.com","username":"ops"}`, "x", []string{"bastion"}},
		"command without connection": {
			`{"id":"x","type":"command","name":"stop","z":"t","connectionconfig":"nowhere","command":"true","x":1,"y":1,"wires":[]}`, "x", []string{"connection"}},
		"Slack without tokens": {
			`{"id":"x","type":"slack-say","name":"tell","z":"t","slack":"","channel":"general","msg":"hi","x":1,"y":1,"wires":[]}`, "x", []string{"SLACK_BOT_TOKEN"}},
		"question that is no JSON": {
			`{"id":"x","type":"slack-ask","name":"ask","z":"t","slack":"","channel":"general","msg":"{\"text\":","timeout":"30","timeoutUnits":"minutes","x":1,"y":1,"wires":[]}`, "x", nil},
		"path that is ours": {
			`{"id":"x","type":"http in","name":"hook","z":"t","url":"/api/runs","method":"get","x":1,"y":1,"wires":[]}`, "x", []string{"/api/runs"}},
	} {
		t.Run(name, func(t *testing.T) {
			a, err := app.New(t.Context(), app.Options{DataDir: t.TempDir(), AdminPassword: "secret", Lang: locale.EN})
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = a.Stop(t.Context()) }()
			status, problems, _ := deploy(t, a, "["+bystander+tc.nodes+"]")
			if status != http.StatusOK {
				t.Fatalf("status %d", status)
			}
			var found *problem
			for i, p := range problems {
				if p.Node == tc.node || tc.node == "" {
					found = &problems[i]
					break
				}
			}
			if found == nil {
				t.Fatalf("no problem names node %q: %+v", tc.node, problems)
			}
			for _, text := range tc.says {
				if !strings.Contains(found.Message+found.Name, text) {
					t.Errorf("%q doesn't say %q", found.Message, text)
				}
			}
			t.Logf("%s", found.Message)
			w := httptest.NewRecorder()
			a.Handler().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://127.0.0.1/ok", nil))
			if w.Code != http.StatusAccepted {
				t.Errorf("the other tab answers %d", w.Code)
			}
		})
	}
}

func TestFileThatIsNoJSON(t *testing.T) {
	a, err := app.New(t.Context(), app.Options{DataDir: t.TempDir(), AdminPassword: "secret", Lang: locale.EN})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = a.Stop(t.Context()) }()
	status, _, message := deploy(t, a, "[\n{]")
	if status != http.StatusBadRequest || !strings.Contains(message, "line 2") {
		t.Errorf("%d %s", status, message)
	}
}
