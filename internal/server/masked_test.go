package server_test

import (
	"net/http"
	"strings"
	"testing"
)

// TestHistoriesDontShowCallersSecrets: the flow sees them, and answers with one; the
// API and the pages show a mask, whole values too.
func TestHistoriesDontShowCallersSecrets(t *testing.T) {
	s := newSite(t)
	s.want(http.StatusNoContent, "POST", "/flows", `[{"id":"t","type":"tab"},
		{"id":"h","type":"http in","z":"t","url":"/hook","method":"post","wires":[["c"]]},
		{"id":"c","type":"change","z":"t","rules":[{"t":"set","p":"payload","to":"'signed ' & req.headers.\"x-slack-signature\"","tot":"jsonata"}],"wires":[["r"]]},
		{"id":"r","type":"http response","z":"t","wires":[]},
		{"id":"d","type":"http in","z":"t","url":"/other","method":"get","wires":[["r"]]}]`)
	secrets := []string{"token-of-the-caller", "session-of-the-caller", "signature-of-slack"}
	got := s.want(http.StatusOK, "POST", "/hook", "{}", "Content-Type", "application/json", "Authorization", "Bearer "+secrets[0],
		"Cookie", "sid="+secrets[1], "X-Slack-Signature", secrets[2], "X-Request-Id", "not-a-secret")
	if got != "signed "+secrets[2] {
		t.Fatalf("the flow doesn't see the header: %q", got)
	}
	run := s.ended(s.newest("h")).ID
	for _, path := range []string{"/api/runs/" + run, "/api/runs/" + run + "?full=1", "/runs/" + run, "/runs/" + run + "/steps/1", "/runs/" + run + "/steps/2"} {
		shown := s.want(http.StatusOK, "GET", path, "", "Accept", "text/html, application/json")
		for _, secret := range secrets {
			if strings.Contains(shown, secret) {
				t.Errorf("%s shows %s", path, secret)
			}
		}
		if !strings.Contains(shown, "not-a-secret") || !strings.Contains(shown, "••••••") {
			t.Errorf("%s shows neither the other headers nor a mask: %s", path, shown)
		}
	}
}
