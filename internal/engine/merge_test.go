package engine_test

import (
	"testing"
	"testing/synctest"
	"time"

	"toban/internal/flow"
	"toban/internal/machine"
	"toban/internal/node"
)

// A deploy that joins two tabs makes one partition of two, while an effect of
// the one is under way, and the other waits for an answer and holds a message.
func TestDeployJoinsTabs(t *testing.T) {
	const apart = `{"id":"s","type":"src","z":"t","wires":[["a","la"]]},{"id":"a","type":"act","name":"go","z":"t","wires":[["e"]]},
		{"id":"e","type":"end","z":"t","wires":[]},
		{"id":"s2","type":"link in","z":"u","links":[LINKS],"x":1,"y":1,"wires":[["q","h"]]},{"id":"q","type":"ask","z":"u","wires":[["e2"]]},
		{"id":"h","type":"hold","z":"u","wires":[["e2"]]},{"id":"e2","type":"end","z":"u","wires":[]}`
	joined := "[" + replace(apart, "LINKS", `"la"`) + `,{"id":"la","type":"link out","z":"t","mode":"link","links":["s2"],"x":1,"y":1,"wires":[]}]`
	synctest.Test(t, func(t *testing.T) {
		r := start(t, "["+replace(apart, "LINKS", "")+"]")
		gate := make(chan struct{})
		r.w.block["go"] = gate
		r.emit("m1") // the effect of the first tab is under way
		if _, err := r.Inject(t.Context(), "s2", msg("m2")); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		q := r.question() // the second tab asks
		g, err := build(r.w, []byte(joined))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.Deploy(t.Context(), g, []byte(joined), flow.Nodes); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		close(gate)
		synctest.Wait()
		if _, err := r.Answer(t.Context(), q.ID, node.Answer{Choice: 0, Value: "yes"}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Minute) // the held message falls due
		synctest.Wait()
		same(t, "ends", r.w.ends(), []string{"m1", "yes", "m2"})
		for _, run := range r.runs() {
			same(t, "status", run.Status, machine.RunDone)
		}
		delete(r.w.block, "go")
		r.emit("m3") // now it goes over the link
		same(t, "the link asks", r.question().State, "open")
	})
}
