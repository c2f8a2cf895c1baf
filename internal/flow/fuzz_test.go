package flow

import (
	"strings"
	"testing"
)

// FuzzBuild feeds flow files of any kind and checks what must hold for each.
func FuzzBuild(f *testing.F) {
	for _, seed := range []string{base, envFile, `[` + twice + `{"id":"i","type":"subflow:s","z":"t","wires":[["i"]]}]`,
		`[{"id":"s","type":"subflow","in":[{"wires":[{"id":"s","port":-1}]}],"out":[{"wires":[{"id":"s","port":1e9}]}]},{"id":"s","type":"subflow:s","z":"s"},{"id":"i","type":"subflow:s"}]`,
		`[{"id":"g","type":"group","g":"h"},{"id":"h","type":"group","g":"g","env":[{"name":"A","type":"env","value":"A"}]},{"id":"a","type":"x","g":"g","p":"${A}"}]`,
		`{"flows":[{"id":"a","type":"link out","links":["a"],"wires":[["a"]]}],"rev":"x","credentials":{"a":{}}}`,
		`[{"id":"a","type":"catch","scope":["a"],"wires":[["a"]]},{"id":"","type":null}]`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		file, err := Parse([]byte(text))
		if err != nil {
			return
		}
		again, err := Parse(file.JSON())
		if err != nil || string(again.JSON()) != string(file.JSON()) {
			t.Fatalf("no round trip: %v", err)
		}
		g := build(t, text)
		checkGraph(t, g)
		checkChange(t, g, g, Diff(g, g, Flows))
		if len(g.Order) > 0 && len(Diff(g, g, Nodes).Stop) > 0 {
			t.Error("the same file again restarts nodes")
		}
	})
}

func checkGraph(t *testing.T, g *Graph) {
	t.Helper()
	if len(g.Order) != len(g.Nodes) {
		t.Errorf("%d nodes in order, %d in all", len(g.Order), len(g.Nodes))
	}
	for _, n := range g.Nodes {
		if n.Flow == nil || n.Reporter == nil || n.Config == (n.Partition != "") {
			t.Errorf("%s: %+v", n.ID, n)
		}
		for _, list := range append([][]*Node{n.Catchers, n.Watchers, n.Followers}, n.Wires...) {
			for _, other := range list {
				if g.Nodes[other.ID] != other {
					t.Errorf("%s leads to %s, which doesn't run", n.ID, other.ID)
				}
				if !n.Config && !other.Config && tabOf(n) == tabOf(other) && n.Partition != other.Partition {
					t.Errorf("%s and %s share a tab but no partition", n.ID, other.ID)
				}
			}
		}
	}
	for _, p := range g.Problems {
		if text := p.Err.Error(); strings.HasPrefix(text, "flow.") {
			t.Errorf("a problem without a text: %s", text)
		}
	}
}
