package server_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"toban/internal/app"
	"toban/internal/server"
)

// pagesFlow answers with the headers and cookies that a request names.
const pagesFlow = `[{"id":"t","type":"tab"},
	{"id":"h","type":"http in","z":"t","url":"/page","method":"post","wires":[["c"]]},
	{"id":"c","type":"change","z":"t","rules":[
		{"t":"set","p":"headers","pt":"msg","to":"payload.headers","tot":"msg"},
		{"t":"set","p":"cookies","pt":"msg","to":"payload.cookies","tot":"msg"},
		{"t":"set","p":"payload","pt":"msg","to":"<p>a page","tot":"str"}],"wires":[["r"]]},
	{"id":"r","type":"http response","z":"t"}]`

// TestPagesOfFlowsAreConfined: whatever a flow says, unless the operator trusts it.
func TestPagesOfFlowsAreConfined(t *testing.T) {
	s := newSite(t)
	s.want(http.StatusNoContent, "POST", "/flows", pagesFlow)
	for _, body := range []string{
		`{}`,
		`{"headers":{"content-security-policy":"sandbox allow-same-origin allow-scripts"}}`,
		`{"headers":{"CONTENT-SECURITY-POLICY":["default-src 'self'","img-src *"],"x-content-type-options":"off"}}`,
	} {
		resp, _ := s.send("POST", "/page", body, "Content-Type", "application/json")
		confined(t, body, resp)
	}
	for _, path := range []string{"/none", "/page"} { // no flow at all, and not this method
		resp, _ := s.send("GET", path, "")
		confined(t, path, resp)
	}
	resp, _ := s.send("POST", "/page", "{", "Content-Type", "application/json")
	confined(t, "a bad body", resp)
}

func confined(t *testing.T, what string, resp *http.Response) {
	t.Helper()
	all := resp.Header.Values("Content-Security-Policy")
	if len(all) == 0 || resp.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("%s: %v", what, resp.Header)
		return
	}
	if last := all[len(all)-1]; !strings.HasPrefix(last, "sandbox ") || strings.Contains(last, "same-origin") || strings.Contains(last, "storage") {
		t.Errorf("%s: the last policy is %q", what, last)
	}
}

// TestTrustedPages: the operator trusts flows, or gives them a name of their own; at
// that name there is nothing else.
func TestTrustedPages(t *testing.T) {
	policies := func(s *site, host string) []string {
		resp, _ := s.send("POST", "/page", `{"headers":{"content-security-policy":"img-src *"}}`, "Content-Type", "application/json", "Host", host)
		return resp.Header.Values("Content-Security-Policy")
	}
	all := newSite(t, func(o *app.Options) { o.FlowPages = server.FlowPages{Trusted: true} })
	all.want(http.StatusNoContent, "POST", "/flows", pagesFlow)
	if got := policies(all, "127.0.0.1"); !slices.Equal(got, []string{"img-src *"}) {
		t.Errorf("trusted pages have %q", got)
	}
	named := newSite(t, func(o *app.Options) {
		o.Hosts, o.FlowPages = []string{"toban.example.com"}, server.FlowPages{Hosts: []string{"flows.example.com", "flows.localhost"}}
	})
	named.want(http.StatusNoContent, "POST", "/flows", pagesFlow)
	for host, confined := range map[string]bool{"127.0.0.1": true, "toban.example.com": true, "elsewhere.example.com": true, "flows.example.com": false, "FLOWS.example.com.:443": false, "flows.localhost:1880": false} {
		if got := policies(named, host); len(got) == 1 == confined {
			t.Errorf("at %s pages have %q", host, got)
		}
	}
	for _, host := range []string{"flows.example.com", "flows.localhost"} {
		named.want(http.StatusForbidden, "GET", "/flows", "", "Host", host)
		named.want(http.StatusForbidden, "GET", "/login", "", "Host", host)
	}
	named.want(http.StatusOK, "GET", "/flows", "", "Host", "toban.example.com")
}

// TestFlowsCantSignIn: a flow that takes cookies' names from outside doesn't set ours.
func TestFlowsCantSignIn(t *testing.T) {
	s := newSite(t)
	s.want(http.StatusNoContent, "POST", "/flows", pagesFlow)
	for body, want := range map[string]string{
		`{"cookies":{"toban_session":"x"}}`:                              "",
		`{"cookies":{"toban_session":null,"other":"1"}}`:                 "other=1; Path=/",
		`{"headers":{"set-cookie":["a=1"," Toban_Session =x; Path=/"]}}`: "a=1",
	} {
		resp, _ := s.send("POST", "/page", body, "Content-Type", "application/json")
		if got := strings.Join(resp.Header.Values("Set-Cookie"), "|"); got != want {
			t.Errorf("of %s the browser gets %q", body, got)
		}
	}
}
