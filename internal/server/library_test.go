package server_test

import (
	"strings"
	"testing"
)

func TestLibrary(t *testing.T) {
	s := newSite(t)
	for _, typ := range []string{"flows", "functions", "templates"} {
		if got := s.want(200, "GET", "/library/local/"+typ+"/", ""); got != "[]" {
			t.Errorf("new: %s", got)
		}
	}
	s.want(204, "POST", "/library/local/functions/aws/%E5%81%9C%E6%AD%A2.js", `{"name":"停止","outputs":2,"initialize":"a\nb","text":"return msg;"}`)
	s.want(204, "POST", "/library/local/flows/mine", demoFlow)
	for path, want := range map[string]string{
		"/library/local/functions/":                            `["aws"]`,
		"/library/local/functions":                             `["aws"]`,
		"/library/local/functions/aws/":                        `[{"name":"停止","outputs":"2","initialize":"a\nb","fn":"停止.js"}]`,
		"/library/local/functions/aws/%E5%81%9C%E6%AD%A2.js":   "return msg;",
		"/library/local/functions/aws%2F%E5%81%9C%E6%AD%A2.js": "return msg;",
		"/library/local/flows/":                                `[{"fn":"mine.json"}]`,
		"/library/local/flows/mine.json":                       demoFlow,
		"/library/local/functions/nowhere/":                    "[]",
	} {
		if got := s.want(200, "GET", path, ""); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
	if resp, _ := s.send("GET", "/library/local/flows/mine", ""); !strings.HasPrefix(resp.Header.Get("Content-Type"), "application/json") {
		t.Errorf("a flow is %s", resp.Header.Get("Content-Type"))
	}
	if resp, _ := s.send("GET", "/library/local/functions/aws/%E5%81%9C%E6%AD%A2.js", ""); !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/plain") {
		t.Errorf("a function is %s", resp.Header.Get("Content-Type"))
	}
	s.want(404, "GET", "/library/local/functions/nothing", "")
	s.want(404, "GET", "/library/elsewhere/functions/", "")
	s.want(400, "GET", "/library/local/sounds/", "")
	s.want(400, "POST", "/library/local/sounds/x", `{"text":""}`)
	s.want(400, "POST", "/library/local/functions/x", `{`)
	s.want(400, "POST", "/library/local/functions/a%2F..%2F..%2Fx", `{"text":""}`)
	s.want(400, "POST", "/library/local/functions/..%5Cx", `{"text":""}`)
	if got := s.want(400, "POST", "/library/local/functions/.hidden", `{"text":""}`); !strings.Contains(got, ".hidden") {
		t.Errorf("refused: %s", got)
	}
}

// The examples can be imported from the editor's dialog, and deployed.
func TestExamples(t *testing.T) {
	s := newSite(t)
	if got := s.want(200, "GET", "/library/examples/flows/", ""); got != `["Toban"]` {
		t.Errorf("folders: %s", got)
	}
	list := decode[[]struct{ Fn string }](t, s.want(200, "GET", "/library/examples/flows/Toban/", ""))
	if len(list) < 2 {
		t.Fatalf("examples: %+v", list)
	}
	for _, e := range list {
		s.want(204, "POST", "/flows", s.want(200, "GET", "/library/examples/flows/Toban/"+e.Fn, ""))
	}
	for _, path := range []string{"Toban/nothing", "Toban/..%2Fexamples.go", "other/", "Toban/examples.go"} {
		s.want(404, "GET", "/library/examples/flows/"+path, "")
	}
	s.want(404, "POST", "/library/examples/functions/x", `{"text":""}`)
	s.want(405, "POST", "/library/examples/flows/x", `[]`)
}
