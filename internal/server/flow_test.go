package server_test

import (
	"strings"
	"testing"
)

// TestOneFlow: a tab is added, read, replaced and deleted on its own.
func TestOneFlow(t *testing.T) {
	s := newSite(t)
	s.want(204, "POST", "/flows", demoFlow)
	added := decode[struct{ ID string }](t, s.want(200, "POST", "/flow",
		`{"label":"Second","nodes":[{"id":"c1","type":"comment","name":"x","x":1,"y":1,"wires":[]}]}`))
	type tab struct {
		ID, Label string
		Nodes     []struct{ ID, Z string }
	}
	got := decode[tab](t, s.want(200, "GET", "/flow/"+added.ID, ""))
	if got.Label != "Second" || len(got.Nodes) != 1 || got.Nodes[0].Z != added.ID {
		t.Fatalf("added: %+v", got)
	}
	s.want(200, "PUT", "/flow/"+added.ID, `{"label":"Renamed","nodes":[]}`)
	if got := decode[tab](t, s.want(200, "GET", "/flow/"+added.ID, "")); got.Label != "Renamed" || len(got.Nodes) != 0 {
		t.Errorf("replaced: %+v", got)
	}
	s.want(400, "PUT", "/flow/"+added.ID, `{"label":"no nodes"}`)
	s.want(400, "POST", "/flow", `[`)
	s.want(400, "POST", "/flow", ``)
	s.want(204, "DELETE", "/flow/"+added.ID, "")
	for _, method := range []string{"GET", "PUT", "DELETE"} {
		s.want(404, method, "/flow/"+added.ID, `{"nodes":[]}`)
	}
	if got := s.want(200, "GET", "/flows", ""); !strings.Contains(got, "tab1") || strings.Contains(got, added.ID) {
		t.Errorf("the other tab: %s", got)
	}
}
