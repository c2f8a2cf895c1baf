package server_test

import (
	"net/http"
	"strings"
	"testing"
)

// TestFlowsDontSeeTokens: a script that sends its token to a flow, too, doesn't
// give it to everybody who may read the history. A flow's own tokens pass.
func TestFlowsDontSeeTokens(t *testing.T) {
	s := newSite(t)
	s.want(http.StatusNoContent, "POST", "/flows", `[{"id":"t","type":"tab"},
		{"id":"h","type":"http in","z":"t","url":"/hook","method":"get","wires":[["f"]]},
		{"id":"f","type":"change","z":"t","rules":[{"t":"set","p":"payload","to":"req.headers","tot":"msg"}],"wires":[["r"]]},
		{"id":"r","type":"http response","z":"t"}]`)
	for _, c := range []struct {
		sent  string
		shown bool
	}{{"Bearer " + s.token, false}, {"bearer  " + s.token, false}, {"Bearer of-the-flow", true}, {"Basic dTpw", true}} {
		seen := s.want(http.StatusOK, "GET", "/hook", "", "Authorization", c.sent, "Cookie", "toban_session="+s.token+"; other=1")
		if strings.Contains(seen, s.token) || !strings.Contains(seen, "other=1") || strings.Contains(seen, `"authorization"`) != c.shown {
			t.Errorf("of %q the flow sees %s", c.sent, seen)
		}
	}
}
