package engine_test

import (
	"testing"
	"testing/synctest"

	"toban/internal/flow"
)

// A restart while a tab is blocked forgets nothing that the tab keeps: without the
// node of the unknown type it goes on where it was.
func TestRestartWhileATabIsBlocked(t *testing.T) {
	const file = `[{"id":"s","type":"src","z":"t","wires":[["n"]]},
		{"id":"n","type":"count","z":"t","wires":[["e"]]},{"id":"e","type":"end","z":"t","wires":[]}]`
	synctest.Test(t, func(t *testing.T) {
		r := start(t, file)
		deploy := func(text string) {
			g, err := build(r.w, []byte(text))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := r.Deploy(t.Context(), g, []byte(text), flow.Full); err != nil {
				t.Fatal(err)
			}
			r.file = text
		}
		r.emit("m1")
		r.emit("m2")
		deploy(replace(file, `[{"id":"s"`, `[{"id":"x","type":"no such type","z":"t","wires":[]},{"id":"s"`))
		r.crash()
		deploy(file)
		r.emit("m3")
		same(t, "counted", r.w.ends(), []string{"1", "2", "3"})
	})
}
