package server_test

import (
	"strings"
	"testing"
)

// contextFlow sets values in each context with a function node.
const contextFlow = `[
	{"id":"tab1","type":"tab","label":"Context"},
	{"id":"in1","type":"inject","z":"tab1","props":[{"p":"payload"}],"payload":"hi","payloadType":"str","wires":[["fn1"]]},
	{"id":"fn1","type":"function","z":"tab1","outputs":1,"wires":[[]],"func":"flow.set('n', 5); flow.set('deep', {a: {b: [1, 2]}, none: null}); flow.set('long', 'x'.repeat(3000)); global.set('shared', true); node.context = context; context.set('mine', Buffer.from('abc')); return msg;"}
]`

func TestContext(t *testing.T) {
	s := newSite(t)
	if got := s.want(200, "GET", "/context/global", ""); got != `{"default":{}}` {
		t.Errorf("an empty one: %s", got)
	}
	s.want(204, "POST", "/flows", contextFlow)
	s.want(200, "POST", "/inject/in1", "")
	for path, want := range map[string]string{
		"/context/global":                          `{"default":{"shared":{"msg":"true","format":"boolean"}}}`,
		"/context/node/fn1":                        `{"default":{"mine":{"msg":"616263","format":"buffer[3]"}}}`,
		"/context/node/in1?store=default":          `{"default":{}}`,
		"/context/node/nobody":                     `{}`,
		"/context/flow/nobody":                     `{"default":{}}`,
		"/context/global/shared?store=default":     `{"msg":"true","format":"boolean"}`,
		"/context/flow/tab1/n":                     `{"msg":"5","format":"number"}`,
		"/context/flow/tab1/deep.a.b[1]":           `{"msg":"2","format":"number"}`,
		"/context/flow/tab1/deep%2Ea%2Eb%5B0%5D":   `{"msg":"1","format":"number"}`,
		"/context/flow/tab1/deep.none":             `{"msg":"(undefined)","format":"null"}`,
		"/context/flow/tab1/deep.x.y.z":            `{"msg":"(undefined)","format":"undefined"}`,
		"/context/flow/tab1/deep":                  `{"msg":"{\"a\":{\"b\":[1,2]},\"none\":null}","format":"Object"}`,
		"/context/global?keysOnly":                 `{"default":{"keys":[{"key":"shared"}]}}`,
		"/context/flow/tab1/deep?keysOnly":         `{"default":{"format":"object","keys":[{"key":"a","format":"object"},{"key":"none"}]}}`,
		"/context/flow/tab1/deep.a?keysOnly":       `{"default":{"format":"object","keys":[{"key":"b","format":"array[2]","length":2}]}}`,
		"/context/flow/tab1/deep.a.b?keysOnly":     `{"default":{"format":"array[2]"}}`,
		"/context/flow/tab1/n?keysOnly":            `{"default":{"keys":[]}}`,
		"/context/flow/tab1/n?store=default&x=[]&": `{"msg":"5","format":"number"}`,
	} {
		if got := s.want(200, "GET", path, ""); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
	long := decode[struct{ Msg, Format string }](t, s.want(200, "GET", "/context/flow/tab1/long", ""))
	if len(long.Msg) > 1_010 || long.Format != "string[3000]" {
		t.Errorf("a long text has %d characters, %s", len(long.Msg), long.Format)
	}
	for _, path := range []string{"/context/other", "/context/global?store=nowhere", "/context/flow/tab1/n?store=nowhere", "/context/flow"} {
		s.want(404, "GET", path, "")
	}
	s.want(404, "DELETE", "/context/flow/tab1/n?store=nowhere", "")
	s.want(400, "GET", "/context/flow/tab1/a%20b", "")
	s.want(400, "DELETE", "/context/flow/tab1/a%20b", "")
}

// What is deleted is gone for the nodes too, and after a restart.
func TestContextIsDeleted(t *testing.T) {
	s := newSite(t)
	s.want(204, "POST", "/flows", contextFlow)
	s.want(200, "POST", "/inject/in1", "")
	s.want(204, "DELETE", "/context/flow/tab1/deep.a.b%5B0%5D?store=default", "")
	if got := s.want(200, "GET", "/context/flow/tab1/deep.a", ""); !strings.Contains(got, `{\"b\":[2]}`) {
		t.Errorf("an item deleted: %s", got)
	}
	for _, path := range []string{"/context/flow/tab1/deep", "/context/flow/tab1/long", "/context/global/shared", "/context/node/fn1/mine", "/context/node/nobody/x", "/context/flow/nobody/x"} {
		s.want(204, "DELETE", path, "")
	}
	if got := s.want(200, "GET", "/context/flow/tab1", ""); got != `{"default":{"n":{"msg":"5","format":"number"}}}` {
		t.Errorf("left: %s", got)
	}
	s.want(204, "DELETE", "/context/flow/tab1", "")
	for _, path := range []string{"/context/global", "/context/flow/tab1", "/context/node/fn1"} {
		if got := s.want(200, "GET", path, ""); got != `{"default":{}}` {
			t.Errorf("%s: %s", path, got)
		}
	}
}
