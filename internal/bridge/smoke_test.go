package bridge

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

// talk sends requests and gives every line that came back.
func talk(t *testing.T, requests ...string) []map[string]any {
	t.Helper()
	var out bytes.Buffer
	if err := Serve(t.Context(), strings.NewReader(strings.Join(requests, "\n")), &out); err != nil {
		t.Fatal(err)
	}
	var lines []map[string]any
	for line := range strings.Lines(out.String()) {
		var m map[string]any
		if err := json.Unmarshal([]byte(line), &m); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		lines = append(lines, m)
	}
	return lines
}

func TestSmoke(t *testing.T) {
	for _, l := range talk(t,
		`{"id":1,"op":"hello","protocol":1}`,
		`{"id":2,"op":"load","flows":[{"id":"n1","type":"junction","wires":[["n2"]]},{"id":"n2","type":"helper"}]}`,
		`{"id":3,"op":"getNode","node":"n1"}`,
		`{"id":4,"op":"receive","node":"n1","msg":{"payload":1,"_msgid":"a"}}`,
		`{"id":5,"op":"contextSet","scope":"node","node":"n1","key":"a.b","value":5}`,
		`{"id":6,"op":"contextGet","scope":"node","node":"n1","key":"a"}`,
		`{"id":7,"op":"nodeCall","node":"n1","method":"send","args":[{"payload":2}]}`,
		`{"id":8,"op":"contextInit","settings":{"contextStorage":{"m0":{"module":"memory"}}}}`,
		`{"id":9,"op":"contextGet","scope":"node","node":"n1","key":"a"}`,
		`{"id":10,"op":"unload"}`,
		`{"id":11,"op":"contextGet","scope":"node","node":"n1","key":"a"}`,
	) {
		t.Log(l)
	}
}
