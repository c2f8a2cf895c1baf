package server_test

import (
	"net/http"
	"strings"
	"testing"
)

// A running tab into which a node of an unknown type comes is deployed, does no more,
// and says why; without that node it runs again.
func TestDeployOfAnUnknownType(t *testing.T) {
	const (
		page = `{"id":"h","type":"http in","z":"t","url":"/page","method":"get","wires":[["r"]]},{"id":"r","type":"http response","z":"t"}`
		sane = `[{"id":"t","type":"tab"},` + page + `]`
		odd  = `[{"id":"t","type":"tab"},` + page + `,{"id":"x","type":"nowhere","z":"t"}]`
	)
	for _, mode := range []string{"full", "flows", "nodes"} {
		s := newSite(t)
		s.want(http.StatusNoContent, "POST", "/flows", sane)
		s.want(http.StatusOK, "GET", "/page", "")
		s.want(http.StatusNoContent, "POST", "/flows", odd, "Node-RED-Deployment-Type", mode)
		s.want(http.StatusNotFound, "GET", "/page", "")
		if _, body := s.send("GET", "/api/problems", ""); !strings.Contains(body, "nowhere") {
			t.Errorf("%s: the problems are %s", mode, body)
		}
		s.want(http.StatusNoContent, "POST", "/flows", sane, "Node-RED-Deployment-Type", mode)
		s.want(http.StatusOK, "GET", "/page", "")
	}
}
