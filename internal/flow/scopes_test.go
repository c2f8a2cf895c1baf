package flow

import "testing"

func TestWhoCatches(t *testing.T) {
	for _, c := range []struct{ name, file, from, want, reporter string }{
		{"the whole tab, not other tabs",
			`{"id":"a","type":"x","z":"t"},{"id":"c","type":"catch","z":"t","scope":null},{"id":"d","type":"catch","z":"u"}`,
			"a", "c", "a"},
		{"a list, before one for the whole tab",
			`{"id":"a","type":"x","z":"t"},{"id":"c","type":"catch","z":"t","scope":null},{"id":"d","type":"catch","z":"t","scope":["a"]},
			 {"id":"e","type":"catch","z":"t","scope":["b"]}`,
			"a", "d c", "a"},
		{"uncaught only if nobody else",
			`{"id":"a","type":"x","z":"t"},{"id":"u","type":"catch","z":"t","uncaught":true},{"id":"c","type":"catch","z":"t","scope":["a"]}`,
			"a", "c", "a"},
		{"uncaught ones all get it",
			`{"id":"a","type":"x","z":"t"},{"id":"u","type":"catch","z":"t","uncaught":true},{"id":"v","type":"catch","z":"t","uncaught":true}`,
			"a", "u v", "a"},
		{"nearest group first",
			`{"id":"g1","type":"group","z":"t"},{"id":"g2","type":"group","z":"t","g":"g1"},{"id":"a","type":"x","z":"t","g":"g2"},
			 {"id":"far","type":"catch","z":"t"},{"id":"mid","type":"catch","z":"t","g":"g1"},{"id":"near","type":"catch","z":"t","g":"g2"}`,
			"a", "near mid far", "a"},
		{"scope group hears its group and those inside",
			`{"id":"g1","type":"group","z":"t"},{"id":"g2","type":"group","z":"t","g":"g1"},{"id":"a","type":"x","z":"t","g":"g2"},
			 {"id":"c","type":"catch","z":"t","g":"g1","scope":"group"}`,
			"a", "c", "a"},
		{"scope group hears nothing outside",
			`{"id":"g1","type":"group","z":"t"},{"id":"a","type":"x","z":"t"},{"id":"c","type":"catch","z":"t","g":"g1","scope":"group"}`,
			"a", "", "a"},
		{"scope group hears no sibling group",
			`{"id":"g1","type":"group","z":"t"},{"id":"g2","type":"group","z":"t"},{"id":"a","type":"x","z":"t","g":"g2"},
			 {"id":"c","type":"catch","z":"t","g":"g1","scope":"group"}`,
			"a", "", "a"},
		{"out of a subflow, with the instance as reporter",
			`{"id":"s","type":"subflow"},{"id":"p","type":"x","z":"s"},{"id":"i","type":"subflow:s","z":"t"},
			 {"id":"c","type":"catch","z":"t","scope":["i"]},{"id":"d","type":"catch","z":"t","scope":["p"]}`,
			"i-p", "c", "i"},
		{"inside a subflow first, ids of its scope mapped",
			`{"id":"s","type":"subflow"},{"id":"p","type":"x","z":"s"},{"id":"k","type":"catch","z":"s","scope":["p"]},
			 {"id":"i","type":"subflow:s","z":"t"},{"id":"c","type":"catch","z":"t"}`,
			"i-p", "i-k", "i-p"},
		{"a global config node's errors go to all its users",
			`{"id":"conn","type":"connection"},{"id":"a","type":"x","z":"t","c":"conn"},{"id":"b","type":"x","z":"u","c":"conn"},
			 {"id":"c","type":"catch","z":"t","scope":["a"]},{"id":"d","type":"catch","z":"u"},{"id":"e","type":"catch","z":"v"}`,
			"conn", "c d", "conn"},
		{"nodes without a tab among themselves",
			`{"id":"a","type":"x"},{"id":"c","type":"catch"}`, "a", "c", "a"},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := clean(t, build(t, `[`+c.file+`]`))
			n := g.Nodes[c.from]
			if got := ids(n.Catchers); got != c.want {
				t.Errorf("caught by %q, want %q", got, c.want)
			}
			if n.Reporter.ID != c.reporter {
				t.Errorf("reported for %s, want %s", n.Reporter.ID, c.reporter)
			}
		})
	}
}

func TestWhoWatches(t *testing.T) {
	g := clean(t, build(t, `[
		{"id":"s","type":"subflow"},{"id":"p","type":"x","z":"s"},{"id":"i","type":"subflow:s","z":"t"},{"id":"a","type":"x","z":"t"},
		{"id":"all","type":"status","z":"t","scope":null},{"id":"one","type":"status","z":"t","scope":["a"]},
		{"id":"conn","type":"connection"},{"id":"b","type":"x","z":"u","c":"conn"},{"id":"w","type":"status","z":"u"}]`))
	for id, want := range map[string]string{"a": "all one", "i-p": "all", "conn": "w"} {
		if got := ids(g.Nodes[id].Watchers); got != want {
			t.Errorf("statuses of %s reach %q, want %q", id, got, want)
		}
	}
}

func TestWhoFollows(t *testing.T) {
	g := clean(t, build(t, `[{"id":"a","type":"x","z":"t"},{"id":"b","type":"x","z":"t"},{"id":"i","type":"subflow:s","z":"t"},{"id":"s","type":"subflow"},
		{"id":"f","type":"complete","z":"t","scope":["a","b","i"],"wires":[["b"]]},{"id":"h","type":"complete","z":"t","scope":["a"]}]`))
	for id, want := range map[string]string{"a": "f h", "b": "", "i": ""} {
		if got := ids(g.Nodes[id].Followers); got != want {
			t.Errorf("%s is followed by %q, want %q", id, got, want)
		}
	}
}
