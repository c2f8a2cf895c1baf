package flow

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"toban/internal/message"
)

// randomFile draws a small flow file in which everything may refer to everything.
func randomFile(t *rapid.T) *File {
	names := []string{"a", "b", "c", "d", "e", "f"}
	id := rapid.SampledFrom(names)
	zs := rapid.SampledFrom([]string{"", "t1", "t2", "s1", "s2", "nowhere"})
	idList := func(label string) *message.Array {
		var items []message.Value
		for _, x := range rapid.SliceOfN(id, 0, 3).Draw(t, label) {
			items = append(items, x)
		}
		return message.NewArray(items...)
	}
	port := func(label string) *message.Array {
		inner := rapid.SampledFrom(append([]string{"s1", "s2"}, names...)).Draw(t, label)
		wire := message.NewObject("id", inner, "port", float64(rapid.IntRange(0, 1).Draw(t, label+" port")))
		return message.NewArray(message.NewObject("wires", message.NewArray(wire)))
	}
	f := &File{Nodes: []*message.Object{
		message.NewObject("id", "t1", "type", "tab", "disabled", rapid.Bool().Draw(t, "disabled")),
		message.NewObject("id", "s1", "type", "subflow", "in", port("in1"), "out", port("out1")),
		message.NewObject("id", "s2", "type", "subflow", "in", port("in2"), "out", port("out2"), "status", port("status").At(0)),
	}}
	types := rapid.SampledFrom([]string{"x", "x", "connection", "group", "catch", "status", "complete", "link in", "link out", "link call",
		"subflow:s1", "subflow:s2", "subflow:s2", "no such"})
	for _, name := range names[:rapid.IntRange(1, len(names)).Draw(t, "nodes")] {
		f.Nodes = append(f.Nodes, message.NewObject(
			"id", name, "type", types.Draw(t, name), "z", zs.Draw(t, name+".z"), "g", id.Draw(t, name+".g"),
			"d", rapid.IntRange(0, 9).Draw(t, name+".d") == 0, "ref", id.Draw(t, name+".ref"),
			"scope", idList(name+".scope"), "links", idList(name+".links"),
			"wires", message.NewArray(idList(name+".w0"), idList(name+".w1"))))
	}
	return f
}

func TestAnyFileBuilds(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		before, after := randomFile(rt), randomFile(rt)
		g, h := Build(before, Options{Types: someTypes{}}), Build(after, Options{Types: someTypes{}})
		checkGraph(t, g)
		for _, mode := range []Mode{Full, Flows, Nodes} {
			c := Diff(g, h, mode)
			checkChange(t, g, h, c)
			for _, id := range c.Keep {
				if a, b := g.Nodes[id], h.Nodes[id]; !sameProps(a.Props, b.Props, "x", "y", "wires") {
					t.Errorf("%s: %s runs on although it changed", mode, id)
				}
			}
		}
		if t.Failed() {
			rt.Fatalf("with\n%s\nand\n%s", before.JSON(), after.JSON())
		}
	})
}

// Building is part of every start and deploy.
func BenchmarkBuild(b *testing.B) {
	text := `[{"id":"t","type":"tab"}`
	for i := range 1000 {
		text += fmt.Sprintf(`,{"id":"n%d","type":"function","z":"t","func":"return msg;","name":"n","wires":[["n%d"]]}`, i, (i+1)%1000)
	}
	file := mustParse(b, text+"]")
	for b.Loop() {
		Build(file, Options{Types: someTypes{}})
	}
}
