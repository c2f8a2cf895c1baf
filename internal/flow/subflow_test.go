package flow

import (
	"fmt"
	"strings"
	"testing"
)

// twice is a subflow with one input and two outputs; the second one is fed
// straight from the input.
const twice = `
	{"id":"s","type":"subflow","name":"Twice","in":[{"wires":[{"id":"p"}]}],
	 "out":[{"wires":[{"id":"q","port":1}]},{"wires":[{"id":"s","port":0}]}]},
	{"id":"p","type":"x","z":"s","wires":[["q"]]},
	{"id":"q","type":"x","z":"s","peer":"p","wires":[["p"],[]]},`

func TestSubflowInstancesArePrivateCopies(t *testing.T) {
	g := clean(t, build(t, `[`+twice+`
		{"id":"i","type":"subflow:s","z":"t","name":"One","wires":[["a"],["b"]]},
		{"id":"j","type":"subflow:s","z":"t","wires":[[],["b"]]},
		{"id":"a","type":"x","z":"t","wires":[["i"]]},{"id":"b","type":"x","z":"t"}]`))
	for id, want := range map[string]string{
		"i": "i-p b", "i-p": "i-q", "i-q": "i-p | a", "j": "j-p b", "j-q": "j-p | ", "a": "i",
	} {
		if got := wires(g.Nodes[id]); got != want {
			t.Errorf("%s is wired to %q, want %q", id, got, want)
		}
	}
	q := g.Nodes["i-q"]
	if q.Alias != "q" || q.Flow != g.Flows["i"] || q.Flow.Parent != g.Flows["t"] || q.Flow.Instance != g.Nodes["i"] {
		t.Errorf("i-q: %+v", q)
	}
	if q.Path != "t/i/q" || q.Partition != "t" || q.Props.Text("peer") != "i-p" || q.Props.Text("z") != "i" {
		t.Errorf("i-q: path %s, partition %s, props %s %s", q.Path, q.Partition, q.Props.Text("peer"), q.Props.Text("z"))
	}
	if i := g.Nodes["i"]; i.Impl != "subflow" || i.Type != "subflow:s" || i.Flow != g.Flows["t"] {
		t.Errorf("i: %+v", i)
	}
	if g.Nodes["p"] != nil || g.Flows["s"] != nil {
		t.Error("the definition itself runs")
	}
}

func TestNestedSubflows(t *testing.T) {
	g := clean(t, build(t, `[`+twice+`
		{"id":"o","type":"subflow","in":[{"wires":[{"id":"n"}]}],"out":[{"wires":[{"id":"n","port":0}]}]},
		{"id":"n","type":"subflow:s","z":"o","wires":[[],["e"]]},{"id":"e","type":"x","z":"o"},
		{"id":"i","type":"subflow:o","z":"t","wires":[["a"]]},{"id":"a","type":"x","z":"t"}]`))
	for id, want := range map[string]string{"i": "i-n", "i-n": "i-n-p i-e", "i-n-q": "i-n-p | a"} {
		if got := wires(g.Nodes[id]); got != want {
			t.Errorf("%s is wired to %q, want %q", id, got, want)
		}
	}
	if got := g.Nodes["i-n-q"].Path; got != "t/i/n/q" {
		t.Errorf("path %s", got)
	}
}

func TestStatusOutputOfASubflow(t *testing.T) {
	g := clean(t, build(t, `[
		{"id":"s","type":"subflow","in":[],"out":[],"status":{"wires":[{"id":"p","port":0}]}},
		{"id":"p","type":"x","z":"s","wires":[[]]},
		{"id":"i","type":"subflow:s","z":"t"},{"id":"w","type":"status","z":"t","scope":null}]`))
	out := g.Nodes["i:status"]
	if out == nil || out.StatusOf != g.Nodes["i"] || out.Impl != "subflow-status" || wires(g.Nodes["i-p"]) != "i:status" {
		t.Fatalf("status output: %+v", out)
	}
	if got := ids(g.Nodes["i-p"].Watchers); got != "" {
		t.Errorf("statuses inside reach %s although the subflow has a status output", got)
	}
	if got := ids(g.Nodes["i"].Watchers); got != "w" {
		t.Errorf("the instance's statuses reach %q", got)
	}
}

func TestLinksInsideASubflowStayInside(t *testing.T) {
	g := clean(t, build(t, `[{"id":"s","type":"subflow"},
		{"id":"lo","type":"link out","z":"s","links":["li"]},{"id":"li","type":"link in","z":"s"},
		{"id":"lc","type":"link call","z":"s","links":["li"]},
		{"id":"i","type":"subflow:s","z":"t"}]`))
	if got := wires(g.Nodes["i-lo"]); got != "i-li" {
		t.Errorf("wires: %q", got)
	}
	if got := readIDs(g.Nodes["i-lc"].Props.Get("links")); len(got) != 1 || got[0] != "i-li" {
		t.Errorf("the call's target: %v", got)
	}
}

func TestCyclesOfSubflowsBlockOnlyWhoUsesThem(t *testing.T) {
	g := build(t, `[
		{"id":"s1","type":"subflow","name":"One"},{"id":"n1","type":"subflow:s2","z":"s1"},
		{"id":"s2","type":"subflow"},{"id":"n2","type":"subflow:s1","z":"s2"},
		{"id":"i","type":"subflow:s1","z":"t1"},{"id":"a","type":"x","z":"t2"}]`)
	if got := ids(g.Order); got != "a" {
		t.Errorf("running: %s", got)
	}
	if got := problemKeys(g); got != "flow.subflow_cycle" {
		t.Errorf("problems: %s", got)
	}
}

// nest makes definitions, each with n instances of the next one.
func nest(depth, n int) string {
	var b strings.Builder
	for d := range depth {
		fmt.Fprintf(&b, `{"id":"s%d","type":"subflow"},`, d)
		for i := range n {
			if d < depth-1 {
				fmt.Fprintf(&b, `{"id":"n%d_%d","type":"subflow:s%d","z":"s%d"},`, d, i, d+1, d)
			}
		}
	}
	return `[` + b.String() + `{"id":"i","type":"subflow:s0","z":"t1"},{"id":"a","type":"x","z":"t2"}]`
}

func TestExpansionIsBounded(t *testing.T) {
	for _, c := range []struct{ name, file, want string }{
		{"exponential", nest(12, 10), "flow.too_many"},
		{"a deep chain", nest(200, 1), "flow.subflow_depth"},
	} {
		g := build(t, c.file)
		if got := problemKeys(g); got != c.want {
			t.Errorf("%s: problems %q", c.name, got)
		}
		if got := ids(g.Order); got != "a" {
			t.Errorf("%s: %d nodes run", c.name, len(g.Order))
		}
	}
}
