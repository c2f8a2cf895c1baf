package server_test

import (
	"net/http"
	"strings"
	"testing"

	"toban/internal/app"
	"toban/internal/message"
)

// TestFailedFlowsAnswer: a client doesn't wait for a run that has failed, and gets
// what a catch node says in the place of an answer that could not be made.
func TestFailedFlowsAnswer(t *testing.T) {
	s := newSite(t, func(o *app.Options) { o.Settings = map[string]message.Value{"httpResponseTimeout": 3600.0} })
	s.want(http.StatusNoContent, "POST", "/flows", `[{"id":"t","type":"tab"},{"id":"u","type":"tab"},
		{"id":"h1","type":"http in","z":"t","url":"/throws","method":"get","wires":[["f1"]]},
		{"id":"f1","type":"function","z":"t","func":"throw new Error('the inside')","outputs":1,"wires":[["r1"]]},
		{"id":"h2","type":"http in","z":"t","url":"/status","method":"get","wires":[["c2"]]},
		{"id":"c2","type":"change","z":"t","rules":[{"t":"set","p":"statusCode","to":"42","tot":"num"}],"wires":[["r1"]]},
		{"id":"r1","type":"http response","z":"t"},
		{"id":"h3","type":"http in","z":"u","url":"/caught","method":"get","wires":[["c3"]]},
		{"id":"c3","type":"change","z":"u","rules":[{"t":"set","p":"statusCode","to":"42","tot":"num"}],"wires":[["r3"]]},
		{"id":"r3","type":"http response","z":"u"},
		{"id":"k3","type":"catch","z":"u","scope":null,"wires":[["d3"]]},
		{"id":"d3","type":"change","z":"u","rules":[{"t":"set","p":"payload","to":"sorry","tot":"str"}],"wires":[["r4"]]},
		{"id":"r4","type":"http response","z":"u","statusCode":"418"}]`)
	for path, want := range map[string]string{"/throws": "500 the flow failed", "/status": "500 the flow failed", "/caught": "418 sorry"} {
		resp, body := s.send("GET", path, "")
		if got := resp.Status[:4] + body; !strings.HasPrefix(got, want) || strings.Contains(got, "inside") {
			t.Errorf("%s gives %q", path, got)
		}
	}
}
