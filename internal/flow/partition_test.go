package flow

import (
	"strings"
	"testing"
)

func TestPartitions(t *testing.T) {
	for _, c := range []struct{ name, file, want string }{
		{"tabs are apart", `{"id":"a","type":"x","z":"t1"},{"id":"b","type":"x","z":"t2"}`, "t1 t2"},
		{"a link joins", `{"id":"a","type":"link out","z":"t2","links":["b"]},{"id":"b","type":"link in","z":"t1"}`, "t1"},
		{"links join over several tabs", `{"id":"a","type":"link out","z":"t1","links":["b"]},{"id":"b","type":"link in","z":"t2"},
			{"id":"c","type":"link out","z":"t3","links":["b"]},{"id":"d","type":"x","z":"t4"}`, "t1 t4"},
		{"a call joins", `{"id":"a","type":"link call","z":"t2","links":["b"]},{"id":"b","type":"link in","z":"t1"}`, "t1"},
		{"a call by name joins all tabs with link in nodes", `{"id":"a","type":"link call","linkType":"dynamic","z":"t3"},
			{"id":"b","type":"link in","z":"t1"},{"id":"c","type":"link in","z":"t2"},{"id":"d","type":"x","z":"t4"}`, "t1 t4"},
		{"global context in a typed property", `{"id":"a","type":"switch","z":"t1","propertyType":"global"},
			{"id":"b","type":"change","z":"t2","rules":[{"t":"set","pt":"msg","to":"x","tot":"global"}]},{"id":"c","type":"x","z":"t3"}`, "t1 t3"},
		{"global context in code, templates and expressions", `{"id":"a","type":"function","z":"t1","func":"const g = global;"},
			{"id":"b","type":"template","z":"t2","template":"{{global.x}}"},{"id":"c","type":"change","z":"t3","rules":[{"to":"$globalContext('x')"}]}`, "t1"},
		{"a comment that says global joins nothing", `{"id":"a","type":"x","z":"t1","info":"global.x"},{"id":"b","type":"x","z":"t2","info":"global.x"}`, "t1 t2"},
		{"config nodes have none", `{"id":"c","type":"connection","v":"global"},{"id":"a","type":"x","z":"t1","c":"c"}`, "t1"},
		{"inside a subflow counts for the tab", `{"id":"s","type":"subflow"},{"id":"p","type":"function","z":"s","func":"global.get('a')"},
			{"id":"i","type":"subflow:s","z":"t1"},{"id":"j","type":"subflow:s","z":"t2"}`, "t1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := clean(t, build(t, `[`+c.file+`]`))
			if got := strings.Join(g.Partitions(), " "); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
			for _, n := range g.Nodes {
				if n.Config == (n.Partition != "") {
					t.Errorf("%s: config %v, partition %q", n.ID, n.Config, n.Partition)
				}
			}
		})
	}
}
