package e2e

import (
	"context"
	"net/http"
	"os"
	"os/exec"
	"testing"
	"time"
)

// echoes shows what a request brings as a page: text from outside, in a type and
// under a policy from outside.
const echoes = `[{"id":"t","type":"tab","label":"Echoes"},
	{"id":"i","type":"http in","z":"t","url":"/echo","method":"get","wires":[["c"]]},
	{"id":"p","type":"http in","z":"t","url":"/echo","method":"post","wires":[["c"]]},
	{"id":"c","type":"change","z":"t","rules":[
		{"t":"set","p":"headers","pt":"msg","to":"{\"content-type\":req.query.type,\"content-security-policy\":req.query.csp}","tot":"jsonata"},
		{"t":"set","p":"payload","pt":"msg","to":"req.query.text ? req.query.text : payload.word","tot":"jsonata"}],"wires":[["r"]]},
	{"id":"r","type":"http response","z":"t","wires":[]}]`

// TestPagesOfFlows has a page of a flow, with a stranger's script in it, try in a
// real browser what the administrator who looks at it may do. The program is
// browser/flowpages.mjs; with trusted pages it finds that the tries would succeed.
func TestPagesOfFlows(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat("../web/node_modules/playwright-core/package.json"); err != nil {
		t.Skip("needs playwright-core in web/node_modules: make assets")
	}
	node, chromium := needs(t, "nodejs", "node"), needs(t, "chromium", "chromium", "chromium-browser", "google-chrome")
	for _, pages := range []string{"", "trusted", "flows.localhost"} {
		t.Run("TOBAN_FLOW_PAGES="+pages, func(t *testing.T) {
			s := serve(t, t.TempDir(), []string{"TOBAN_FLOW_PAGES=" + pages})
			if status, body := s.do(http.MethodPost, "/flows", []byte(`{"flows":`+echoes+`}`)); status != http.StatusOK {
				t.Fatalf("deploy: %d %s", status, body)
			}
			ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
			defer cancel()
			cmd := exec.CommandContext(ctx, node, "browser/flowpages.mjs")
			cmd.Env = append(os.Environ(), "TOBAN_URL="+s.url, "TOBAN_PASSWORD="+adminPassword, "CHROMIUM="+chromium, "FLOW_PAGES="+pages)
			out, err := cmd.CombinedOutput()
			t.Logf("%s", out)
			if err != nil {
				t.Error(err)
			}
		})
	}
}
