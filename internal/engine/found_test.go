package engine_test

import (
	"testing"
	"testing/synctest"
	"time"

	"toban/internal/flow"
	"toban/internal/machine"
	"toban/internal/message"
	"toban/internal/node"
)

// The tests here are of bugs that the seeded simulation found. Each has a mutant
// there too (internal/simulate).

// A confirmed cancel outlives a crash at the next moment, and nothing of the run
// is done any more, not even what may be repeated.
func TestCancelIsOnTheDisk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, replace(actions, `"name":"stop"`, `"name":"stop","policy":"repeat"`))
		r.w.block["stop"] = make(chan struct{})
		run := r.emit("m1").Run()
		if err := r.Cancel(t.Context(), run); err != nil {
			t.Fatal(err)
		}
		r.crash()
		synctest.Wait()
		same(t, "effects", r.w.effects(), []string{"stop"})
		same(t, "status", r.runs()[0].Status, machine.RunCancelled)
	})
}

const twoTabs = `[{"id":"t1","type":"tab"},{"id":"t2","type":"tab"},
 {"id":"s1","type":"end","z":"t1","wires":[]},
 {"id":"s","type":"src","z":"t2","wires":[["q"]]},
 {"id":"q","type":"ask","z":"t2","wires":[["e"]]},
 {"id":"e","type":"end","z":"t2","wires":[]}]`

// A question's row names the partition that asked. After a deploy that joins
// tabs, and a restart, that name is nobody's; the answer must come to its run.
func TestAnswerAfterTabsWereJoined(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, twoTabs)
		r.emit("m1")
		r.file = replace(twoTabs, `{"id":"s1","type":"end","z":"t1","wires":[]}`,
			`{"id":"s1","type":"pass","z":"t1","wires":[["o"]]},{"id":"o","type":"link out","mode":"link","links":["i"],"z":"t1","wires":[]},
			 {"id":"i","type":"link in","links":["o"],"z":"t2","wires":[["e"]]}`)
		r.crash()
		if _, err := r.Answer(t.Context(), r.question().ID, node.Answer{Choice: 0, Value: "yes"}); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		same(t, "ends", r.w.ends(), []string{"yes"})
	})
}

// wait is a function that waits on a timer of its own.
type wait struct{ env node.Env }

func (n *wait) Provision(env node.Env) error { n.env = env; return nil }

func (n *wait) Receive(step node.Step, msg *message.Object) error {
	step.Defer()
	n.env.After(10*time.Second, func() {
		step.Send(node.First(msg))
		step.Done()
	})
	return nil
}

const waits = `[{"id":"s","type":"src","z":"t","wires":[["w"]]},{"id":"w","type":"wait","z":"t","wires":[["e"]]},
 {"id":"c","type":"catch","z":"t","scope":null,"wires":[["e"]]},{"id":"e","type":"end","z":"t","wires":[]}]`

// The same file deployed again restarts its nodes: what only a timer of the old
// ones would have ended is said to be interrupted, and goes no further.
func TestSameFileAgainEndsWhatWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, waits)
		r.emit("m1")
		g, err := build(r.w, []byte(waits))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.Deploy(t.Context(), g, []byte(waits), flow.Full); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		same(t, "ends", r.w.ends(), []string{"error: wait w was waiting when it was deployed again, and was interrupted"})
		same(t, "status", r.runs()[0].Status, machine.RunDone)
	})
}
