package flow

import (
	"strings"
	"testing"
)

func TestBareArrayRunsInTheGlobalFlow(t *testing.T) {
	g := clean(t, build(t, `[{"id":"a","type":"x","wires":[["b","b"],[],["c"]]},{"id":"b","type":"y"},{"id":"c","type":"connection"}]`))
	if got := wires(g.Nodes["a"]); got != "b b |  | c" {
		t.Errorf("wires: %q", got)
	}
	if a := g.Nodes["a"]; a.Config || a.Flow != g.Flows[""] || a.Partition != "global" || a.Path != "global/a" {
		t.Errorf("a: %+v", a)
	}
	if got := ids(g.Order); got != "c a b" {
		t.Errorf("order: %s", got)
	}
}

func TestDisabledNodesAndTabsDoNotRun(t *testing.T) {
	g := clean(t, build(t, `[
		{"id":"on","type":"tab","label":"On"},{"id":"off","type":"tab","disabled":true},
		{"id":"a","type":"x","z":"on","wires":[["b","c"]]},
		{"id":"b","type":"x","z":"on","d":true},
		{"id":"c","type":"x","z":"off"}]`))
	if got := ids(g.Order); got != "a" {
		t.Errorf("running: %s", got)
	}
	if !g.Flows["off"].Disabled || g.Flows["on"].Label != "On" {
		t.Errorf("flows: %+v", g.Flows)
	}
	if got := wires(g.Nodes["a"]); got != "" {
		t.Errorf("wires to nodes that don't run: %q", got)
	}
}

func TestUnknownTypesBlockOnlyTheirTab(t *testing.T) {
	for _, c := range []struct{ name, file, runs, problems string }{
		{"a flow node",
			`[{"id":"a","type":"x","z":"t1"},{"id":"u","type":"no such","z":"t1","x":1,"y":1},{"id":"b","type":"x","z":"t2"}]`,
			"b", "flow.unknown_type"},
		{"a config node of the tab",
			`[{"id":"t1","type":"tab"},{"id":"a","type":"x","z":"t1"},{"id":"u","type":"no such","z":"t1"},{"id":"b","type":"x","z":"t2"}]`,
			"b", "flow.unknown_type"},
		{"a global config node that is used",
			`[{"id":"a","type":"x","z":"t1","conn":"u"},{"id":"u","type":"no such","z":""},{"id":"b","type":"x","z":"t2"}]`,
			"b", "flow.unknown_type flow.unknown_config"},
		{"a global config node that nobody uses",
			`[{"id":"a","type":"x","z":"t1"},{"id":"u","type":"no such","z":""}]`,
			"a", "flow.unknown_type"},
		{"a disabled node",
			`[{"id":"a","type":"x","z":"t1"},{"id":"u","type":"no such","z":"t1","d":true,"x":1,"y":1}]`,
			"a", "flow.unknown_type"},
		{"a node inside a subflow",
			`[{"id":"s","type":"subflow"},{"id":"u","type":"no such","z":"s","x":1,"y":1},{"id":"i","type":"subflow:s","z":"t1"},
			  {"id":"b","type":"x","z":"t2"}]`,
			"b", "flow.unknown_type"},
		{"a subflow that isn't there",
			`[{"id":"i","type":"subflow:gone","z":"t1","x":1,"y":1},{"id":"b","type":"x","z":"t2"}]`,
			"b", "flow.unknown_type"},
		{"the global flow's config nodes run on",
			`[{"id":"c","type":"connection"},{"id":"u","type":"no such","x":1,"y":1},{"id":"a","type":"x"},{"id":"b","type":"x","z":"t2"}]`,
			"c b", "flow.unknown_type"},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := build(t, c.file)
			if got := ids(g.Order); got != c.runs {
				t.Errorf("running: %q, want %q", got, c.runs)
			}
			if got := problemKeys(g); got != c.problems {
				t.Errorf("problems: %q, want %q", got, c.problems)
			}
		})
	}
}

func TestProblemsNameTheNode(t *testing.T) {
	g := build(t, `[{"id":"u","type":"no such","name":"Ask","z":"t1","x":1,"y":1}]`)
	p := g.Problems[0]
	if p.Node != "u" || p.Type != "no such" || p.Name != "Ask" || p.Flow != "t1" || p.Warning || !strings.Contains(p.Err.Error(), "Ask") {
		t.Errorf("%+v: %v", p, p.Err)
	}
	if g.Flows["t1"].Blocked == "" {
		t.Error("the tab is not blocked")
	}
}

func TestWiresToNowhere(t *testing.T) {
	g := build(t, `[{"id":"a","type":"x","z":"t","wires":[["gone","b"],null,"odd",[1,null,"b"]]},{"id":"b","type":"x","z":"t"}]`)
	if got := wires(g.Nodes["a"]); got != "b |  |  | b" {
		t.Errorf("wires: %q", got)
	}
	if got := problemKeys(g); got != "flow.dead_wire" || !g.Problems[0].Warning {
		t.Errorf("problems: %q", got)
	}
}

func TestIDsThatAreMissingOrTwice(t *testing.T) {
	g := build(t, `[{"id":"a","type":"x","z":"t"},{"type":"x","z":"t"},{"id":"a","type":"y","z":"t"}]`)
	if got := problemKeys(g); got != "flow.no_id flow.duplicate_id" {
		t.Errorf("problems: %q", got)
	}
	if g.Nodes["a"].Type != "x" || len(g.Nodes) != 1 {
		t.Errorf("nodes: %v", g.Nodes)
	}
}

func TestIDOfACopyIsTaken(t *testing.T) {
	g := build(t, `[{"id":"s","type":"subflow"},{"id":"p","type":"x","z":"s"},{"id":"i","type":"subflow:s","z":"t"},{"id":"i-p","type":"y","z":"t"}]`)
	if got := problemKeys(g); got != "flow.duplicate_id" || ids(g.Order) != "i i-p" {
		t.Errorf("problems %q, order %s", got, ids(g.Order))
	}
}

func TestConfigNodesStartBeforeTheirUsers(t *testing.T) {
	g := clean(t, build(t, `[{"id":"n","type":"x","z":"t","conn":"c1"},{"id":"c1","type":"conf1","inner":"c2"},{"id":"c2","type":"conf2"}]`))
	if got := ids(g.Order); got != "c2 c1 n" {
		t.Errorf("order: %s", got)
	}
	if got := ids(g.Nodes["c2"].Users); got != "c1" {
		t.Errorf("users: %s", got)
	}
	circle := build(t, `[{"id":"c1","type":"conf1","ref":"c2"},{"id":"c2","type":"conf2","ref":"c1"}]`)
	if got := problemKeys(circle); got != "flow.config_cycle" || len(circle.Order) != 2 {
		t.Errorf("a circle: %q, order %s", got, ids(circle.Order))
	}
}

func TestLinksBecomeWires(t *testing.T) {
	g := clean(t, build(t, `[
		{"id":"out1","type":"link out","z":"t1","links":["in1","in2"]},
		{"id":"out2","type":"link out","z":"t1","links":[]},
		{"id":"back","type":"link out","z":"t1","mode":"return","links":["in1"]},
		{"id":"in1","type":"link in","z":"t1","links":["out1"]},
		{"id":"in2","type":"link in","z":"t2","links":["out2"],"wires":[["end"]]},
		{"id":"end","type":"x","z":"t2"}]`))
	for id, want := range map[string]string{"out1": "in1 in2", "out2": "in2", "back": "", "in2": "end"} {
		if got := wires(g.Nodes[id]); got != want {
			t.Errorf("%s is wired to %q, want %q", id, got, want)
		}
	}
	if a, b := g.Nodes["out1"].Partition, g.Nodes["end"].Partition; a != "t1" || b != "t1" {
		t.Errorf("partitions %q and %q", a, b)
	}
}
