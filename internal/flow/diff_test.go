package flow

import (
	"slices"
	"strings"
	"testing"
)

// base has two chains on one tab, one on another, a config node with one user,
// a group and a subflow instance.
const base = `[
	{"id":"t","type":"tab","label":"T","env":[]},{"id":"u","type":"tab"},
	{"id":"gc","type":"global-config","env":[]},
	{"id":"conn","type":"connection","host":"h"},
	{"id":"a","type":"x","z":"t","x":1,"wires":[["b"]]},{"id":"b","type":"x","z":"t","c":"conn","wires":[["c"]]},{"id":"c","type":"x","z":"t","wires":[[]]},
	{"id":"d","type":"x","z":"t","g":"g","wires":[[]]},
	{"id":"g","type":"group","z":"t","name":"G","style":{}},
	{"id":"s","type":"subflow","in":[{"x":1,"wires":[{"id":"p"}]}],"out":[]},{"id":"p","type":"x","z":"s","wires":[["q"]]},{"id":"q","type":"x","z":"s","wires":[[]]},
	{"id":"i","type":"subflow:s","z":"u","wires":[]},{"id":"e","type":"x","z":"u","wires":[["i"]]}]`

func TestDiff(t *testing.T) {
	const all = "a b c conn d e gc i i-p i-q"
	for _, c := range []struct {
		name           string
		old, new       string // replaced in base
		nodes, flows   string // what restarts (stops or starts) in these modes
		removed, rewir string
	}{
		{name: "nothing"},
		{name: "place on the canvas", old: `"x":1,"wires":[["b"]]`, new: `"x":9,"wires":[["b"]]`},
		{name: "style of a group", old: `"style":{}`, new: `"style":{"fill":"red"}`},
		{name: "label of a tab", old: `"label":"T"`, new: `"label":"New"`},
		{name: "place of a port", old: `{"x":1,"wires":[{"id":"p"}]}`, new: `{"x":2,"wires":[{"id":"p"}]}`},
		{name: "a property", old: `"id":"c"`, new: `"name":"new","id":"c"`, nodes: "c", flows: "a b c"},
		{name: "a wire", old: `[["c"]]`, new: `[["c","d"]]`, flows: "a b c d", rewir: "b"},
		{name: "a new node", old: `{"id":"t"`, new: `{"id":"n","type":"x","z":"t","wires":[["d"]]},{"id":"t"`, nodes: "n", flows: "d n"},
		{name: "a node that went", old: `{"id":"c","type":"x","z":"t","wires":[[]]},`, new: ``, nodes: "c", flows: "a b c", removed: "c"},
		{name: "a node that was disabled", old: `"id":"c"`, new: `"d":true,"id":"c"`, nodes: "c", flows: "a b c", removed: "c"},
		{name: "a config node", old: `"host":"h"`, new: `"host":"i"`, nodes: "b conn", flows: "a b c conn"},
		{name: "a config node that went", old: `{"id":"conn","type":"connection","host":"h"},`, new: ``, nodes: "b conn", flows: "a b c conn", removed: "conn"},
		{name: "a group", old: `"name":"G"`, new: `"name":"H"`, nodes: "d", flows: "d"},
		{name: "inside a subflow", old: `"id":"q"`, new: `"name":"new","id":"q"`, nodes: "i i-p i-q", flows: "e i i-p i-q"},
		{name: "a wire inside a subflow", old: `"wires":[["q"]]`, new: `"wires":[[]]`, nodes: "i i-p i-q", flows: "e i i-p i-q"},
		{name: "a port of a subflow", old: `"wires":[{"id":"p"}]`, new: `"wires":[{"id":"q"}]`, nodes: "i i-p i-q", flows: "e i i-p i-q"},
		{name: "an instance's environment", old: `"type":"subflow:s"`, new: `"env":[{"name":"A","type":"str","value":"1"}],"type":"subflow:s"`,
			nodes: "i i-p i-q", flows: "e i i-p i-q"},
		{name: "environment of a tab", old: `"label":"T","env":[]`, new: `"label":"T","env":[{"name":"A","type":"str","value":"1"}]`,
			nodes: "a b c d", flows: "a b c d"},
		{name: "global environment", old: `"type":"global-config","env":[]`, new: `"type":"global-config","env":[{"name":"A","type":"str","value":"1"}]`,
			nodes: all, flows: all},
		{name: "a tab that was disabled", old: `{"id":"u","type":"tab"}`, new: `{"id":"u","type":"tab","disabled":true}`,
			nodes: "e i i-p i-q", flows: "e i i-p i-q", removed: "e i i-p i-q"},
		{name: "a tab that is blocked keeps its state", old: `"id":"e","type":"x"`, new: `"x":1,"y":1,"id":"e","type":"no such"`,
			nodes: "e i i-p i-q", flows: "e i i-p i-q", removed: "e"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if !strings.Contains(base, c.old) {
				t.Fatalf("the base file has no %s", c.old)
			}
			before, after := clean(t, build(t, base)), build(t, strings.Replace(base, c.old, c.new, 1))
			for mode, want := range map[Mode]string{Nodes: c.nodes, Flows: c.flows} {
				ch := Diff(before, after, mode)
				if got := restarts(ch); got != want {
					t.Errorf("%s restarts %q, want %q", mode, got, want)
				}
				var removed []string
				for id := range ch.Removed {
					removed = append(removed, id)
				}
				slices.Sort(removed)
				if got := strings.Join(removed, " "); got != c.removed {
					t.Errorf("%s removes %q, want %q", mode, got, c.removed)
				}
				if got := strings.Join(ch.Rewired, " "); mode == Nodes && got != c.rewir {
					t.Errorf("rewired: %q, want %q", got, c.rewir)
				}
				checkChange(t, before, after, ch)
			}
			if got := len(Diff(before, after, Full).Keep); got != 0 {
				t.Errorf("a full deploy keeps %d nodes", got)
			}
		})
	}
}

// restarts lists what stops or starts.
func restarts(c Change) string {
	list := append(slices.Clone(c.Stop), c.Start...)
	slices.Sort(list)
	return strings.Join(slices.Compact(list), " ")
}

// checkChange checks that no node is forgotten or counted twice.
func checkChange(t *testing.T, before, after *Graph, c Change) {
	t.Helper()
	if got, want := len(c.Stop)+len(c.Keep), len(before.Order); got != want {
		t.Errorf("%d nodes stop or run on, of %d", got, want)
	}
	if got, want := len(c.Start)+len(c.Keep), len(after.Order); got != want {
		t.Errorf("%d nodes start or run on, of %d", got, want)
	}
	for _, id := range c.Keep {
		if before.Nodes[id] == nil || after.Nodes[id] == nil {
			t.Errorf("%s runs on but is not in both graphs", id)
		}
	}
}

func TestDiffOfCredentialsAndOfTheFirstDeploy(t *testing.T) {
	g := clean(t, build(t, base))
	if got := restarts(Diff(g, g, Nodes, "conn", "p")); got != "b conn i i-p i-q" {
		t.Errorf("new credentials restart %q", got)
	}
	first := Diff(nil, g, Nodes)
	if len(first.Start) != len(g.Order) || first.Start[0] != g.Order[0].ID || len(first.Stop) != 0 {
		t.Errorf("the first deploy: %+v", first)
	}
}
