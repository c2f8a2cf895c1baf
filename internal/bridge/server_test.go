package bridge

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// talk sends requests and gives the lines that came back, without log times.
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
		if entry, ok := m["entry"].(map[string]any); ok {
			delete(entry, "timestamp")
		}
		lines = append(lines, m)
	}
	return lines
}

// reply finds the reply to a request.
func replyTo(t *testing.T, lines []map[string]any, id float64) map[string]any {
	t.Helper()
	for _, l := range lines {
		if l["id"] == id {
			return l
		}
	}
	t.Fatalf("no reply to request %v in %v", id, lines)
	return nil
}

// events gives what was reported under a name, in order.
func events(lines []map[string]any, name string) []map[string]any {
	var found []map[string]any
	for _, l := range lines {
		if l["ev"] == name {
			delete(l, "ev")
			found = append(found, l)
		}
	}
	return found
}

// jsonValue reads what a test expects.
func jsonValue(t *testing.T, text string) any {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestRequestsThatFail(t *testing.T) {
	lines := talk(t,
		`{"id":1,"op":"fly"}`,
		`not json`,
		`{"id":2,"op":"receive","node":"n9","msg":{}}`,
		`{"id":3,"op":"load","flows":[{"id":"n1","type":"no such type","z":"t"},{"id":"t","type":"tab"}]}`,
		`{"id":4,"op":"load","flows":{}}`,
		`{"id":5,"op":"getNode","node":"n1"}`,
	)
	for _, id := range []float64{1, 2, 3, 4} {
		if l := replyTo(t, lines, id); l["error"] == nil {
			t.Errorf("request %v succeeded: %v", id, l)
		}
	}
	if l := replyTo(t, lines, 5); l["error"] != nil || l["result"] != nil {
		t.Errorf("a node that doesn't run is described: %v", l)
	}
	if len(events(lines, "garbage")) != 1 {
		t.Errorf("a line that is no JSON isn't reported: %v", lines)
	}
}

// Fan-out is breadth first, and every arrival at a helper is reported.
func TestDeliveryOrder(t *testing.T) {
	lines := talk(t,
		`{"id":1,"op":"load","flows":[{"id":"a","type":"junction","wires":[["b","h1"]]},{"id":"b","type":"junction","wires":[["h2"]]},{"id":"h1","type":"helper"},{"id":"h2","type":"helper"}]}`,
		`{"id":2,"op":"receive","node":"a","msg":{"payload":1,"_msgid":"x"}}`,
	)
	want := jsonValue(t, `[{"node":"h1","msg":{"payload":1,"_msgid":"x"}},{"node":"h2","msg":{"payload":1,"_msgid":"x"}}]`)
	var got any = []any{}
	for _, e := range events(lines, "receive") {
		got = append(got.([]any), any(e))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestNodeCall(t *testing.T) {
	lines := talk(t,
		`{"id":1,"op":"load","flows":[{"id":"h","type":"helper","name":"H","wires":[["w"],["w"]]},{"id":"w","type":"junction"}]}`,
		`{"id":2,"op":"watch","node":"w"}`,
		`{"id":3,"op":"nodeCall","node":"h","method":"send","args":[[{"p":1,"_msgid":"x"},[{"p":2,"_msgid":"x"},{"p":3,"_msgid":"x"}]]]}`,
		`{"id":4,"op":"nodeCall","node":"h","method":"warn","args":["careful"]}`,
		`{"id":5,"op":"nodeCall","node":"h","method":"status","args":[{"fill":"red","text":"no"}]}`,
		`{"id":6,"op":"nodeCall","node":"h","method":"dance","args":[]}`,
	)
	var sent []any
	for _, e := range events(lines, "receive") {
		sent = append(sent, e["msg"].(map[string]any)["p"])
	}
	if diff := cmp.Diff([]any{1.0, 2.0, 3.0}, sent); diff != "" {
		t.Error(diff)
	}
	want := jsonValue(t, `{"entry":{"level":30,"id":"h","type":"helper","name":"H","path":"global","msg":"careful"}}`)
	if diff := cmp.Diff([]any{want}, asAny(events(lines, "log"))); diff != "" {
		t.Error(diff)
	}
	want = jsonValue(t, `{"node":"h","status":{"fill":"red","text":"no"}}`)
	if diff := cmp.Diff([]any{want}, asAny(events(lines, "status"))); diff != "" {
		t.Error(diff)
	}
	if replyTo(t, lines, 6)["error"] == nil {
		t.Error("an unknown method is accepted")
	}
}

func asAny(list []map[string]any) []any {
	var out []any
	for _, m := range list {
		out = append(out, any(m))
	}
	return out
}

func TestContexts(t *testing.T) {
	const flows = `"flows":[{"id":"n","type":"helper"}]`
	lines := talk(t,
		`{"id":1,"op":"load",`+flows+`}`,
		`{"id":2,"op":"contextSet","scope":"node","node":"n","key":"a.b","value":{"$":["buf","aGk="]}}`,
		`{"id":3,"op":"contextGet","scope":"node","node":"n","key":"a"}`,
		`{"id":4,"op":"contextSet","scope":"global","node":"n","key":["x","y"],"value":[1,2]}`,
		`{"id":5,"op":"contextGet","scope":"global","node":"n","key":["y","x"]}`,
		`{"id":6,"op":"contextKeys","scope":"global","node":"n"}`,
		`{"id":7,"op":"contextGet","scope":"node","node":"n","key":"a["}`,
		`{"id":8,"op":"unload"}`,
		`{"id":9,"op":"contextGet","scope":"global","node":"n","key":"x"}`,
		`{"id":10,"op":"load",`+flows+`}`,
		`{"id":11,"op":"contextGet","scope":"global","node":"n","key":"x"}`,
	)
	undefined := jsonValue(t, `{"$":["undef"]}`)
	for id, want := range map[float64]any{
		3: jsonValue(t, `{"b":{"$":["buf","aGk="]}}`), 5: []any{2.0, 1.0}, 6: []any{"x", "y"}, 9: 1.0, 11: undefined,
	} {
		if diff := cmp.Diff(want, replyTo(t, lines, id)["result"]); diff != "" {
			t.Errorf("request %v: %s", id, diff)
		}
	}
	if replyTo(t, lines, 7)["error"] == nil {
		t.Error("a path that does not parse is accepted")
	}
}

func TestContextInitReplacesStores(t *testing.T) {
	lines := talk(t,
		`{"id":1,"op":"load","flows":[{"id":"n","type":"helper"}]}`,
		`{"id":2,"op":"contextInit","settings":{"contextStorage":{"one":{"module":"memory"},"two":{"module":"memory"}}}}`,
		`{"id":3,"op":"contextSet","scope":"node","node":"n","key":"k","value":"in one"}`,
		`{"id":4,"op":"contextSet","scope":"node","node":"n","key":"k","store":"two","value":"in two"}`,
		`{"id":5,"op":"contextGet","scope":"node","node":"n","key":"k","store":"one"}`,
		`{"id":6,"op":"contextGet","scope":"node","node":"n","key":"k","store":"two"}`,
		`{"id":7,"op":"contextClean","flowConfig":{"allNodes":{}}}`,
		`{"id":8,"op":"contextGet","scope":"node","node":"n","key":"k","store":"two"}`,
	)
	for id, want := range map[float64]any{5: "in one", 6: "in two", 8: jsonValue(t, `{"$":["undef"]}`)} {
		if diff := cmp.Diff(want, replyTo(t, lines, id)["result"]); diff != "" {
			t.Errorf("request %v: %s", id, diff)
		}
	}
}

func TestDeployKeepsWhatDidNotChange(t *testing.T) {
	lines := talk(t,
		`{"id":1,"op":"load","flows":[{"id":"t","type":"tab"},{"id":"a","z":"t","x":1,"y":1,"type":"helper"},{"id":"b","z":"t","x":1,"y":1,"type":"helper","name":"old"}]}`,
		`{"id":2,"op":"setFlows","type":"nodes","flows":[{"id":"t","type":"tab"},{"id":"a","z":"t","x":1,"y":1,"type":"helper"},{"id":"b","z":"t","x":1,"y":1,"type":"helper","name":"new"}]}`,
		`{"id":3,"op":"getNode","node":"b"}`,
		`{"id":4,"op":"stopFlows"}`,
		`{"id":5,"op":"getNode","node":"b"}`,
	)
	if diff := cmp.Diff(jsonValue(t, `{"kept":["a"]}`), replyTo(t, lines, 2)["result"]); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(jsonValue(t, `{"id":"b","type":"helper","z":"t","name":"new"}`), replyTo(t, lines, 3)["result"]); diff != "" {
		t.Error(diff)
	}
	if got := replyTo(t, lines, 5)["result"]; got != nil {
		t.Errorf("a stopped node is described: %v", got)
	}
}

// A flow sees environment variables and settings as they are when it asks.
func TestEnvironmentAndSettings(t *testing.T) {
	t.Setenv("TOBAN_BRIDGE_TEST", "from the process")
	lines := talk(t,
		`{"id":1,"op":"load","flows":[{"id":"f","type":"function","func":"msg.payload=env.get('TOBAN_BRIDGE_TEST');return msg","wires":[["h"]]},{"id":"h","type":"helper"}]}`,
		`{"id":2,"op":"receive","node":"f","msg":{}}`,
		`{"id":3,"op":"env","values":{"TOBAN_BRIDGE_TEST":"set"}}`,
		`{"id":4,"op":"receive","node":"f","msg":{}}`,
		`{"id":5,"op":"settings","values":{"functionTimeout":1,"gone":{"$":["undef"]}}}`,
	)
	var got []any
	for _, e := range events(lines, "receive") {
		got = append(got, e["msg"].(map[string]any)["payload"])
	}
	if diff := cmp.Diff([]any{"from the process", "set"}, got); diff != "" {
		t.Error(diff)
	}
	if l := replyTo(t, lines, 5); l["error"] != nil {
		t.Error(l)
	}
}

// Errors that nobody catches are logged by their keys, and reported as calls.
func TestErrorsAreLoggedByTheirKeys(t *testing.T) {
	lines := talk(t,
		`{"id":1,"op":"load","flows":[{"id":"l","type":"link out","mode":"return","links":[]}]}`,
		`{"id":2,"op":"receive","node":"l","msg":{"_msgid":"x"}}`,
	)
	var texts []any
	for _, e := range events(lines, "log") {
		texts = append(texts, e["entry"].(map[string]any)["msg"])
	}
	if diff := cmp.Diff([]any{"link.errors.missingReturn"}, texts); diff != "" {
		t.Error(diff)
	}
	if len(events(lines, "call")) == 0 {
		t.Error("the node's call isn't reported")
	}
}
