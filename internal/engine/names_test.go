package engine_test

import (
	"fmt"
	"testing"
	"testing/synctest"

	"toban/internal/flow"
)

// A run's nodes keep the names of the revision that it was on, also after many
// deploys and a restart.
func TestNamesOfARevision(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		named := func(name string) string {
			return fmt.Sprintf(`[{"id":"t","type":"tab"},{"id":"src","type":"src","z":"t","wires":[["e"]]},
				{"id":"e","type":"end","z":"t","name":%q,"wires":[]}]`, name)
		}
		r := start(t, named("first"))
		r.emit("a")
		old := r.runs()[0].Revision
		for i := range 20 { // more than are kept
			r.file = named(fmt.Sprint("later ", i))
			g, err := build(r.w, []byte(r.file))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := r.Deploy(t.Context(), g, []byte(r.file), flow.Full); err != nil {
				t.Fatal(err)
			}
			if name, typ := r.Names(old)("e"); name != "first" || typ != "end" {
				t.Fatalf("after %d deploys it is %q, %q", i+1, name, typ)
			}
			r.Names(g.Revision)("e")
		}
		r.crash()
		if name, _ := r.Names(old)("e"); name != "first" {
			t.Errorf("after a restart it is %q", name)
		}
		if name, typ := r.Names(old)("nobody"); name != "" || typ != "" {
			t.Errorf("a node that isn't in it: %q, %q", name, typ)
		}
		if name, _ := r.Names("no such revision")("e"); name != "" {
			t.Errorf("a revision that isn't kept: %q", name)
		}
	})
}
