package engine_test

import (
	"testing"
	"testing/synctest"
	"time"

	"toban/internal/flow"
	"toban/internal/machine"
	"toban/internal/store"
)

// A question survives the change of its node; before its node is deleted the
// deployer is told, and then it ends visibly.
func TestDeployEndsQuestions(t *testing.T) {
	const file = `[{"id":"s","type":"src","z":"t","wires":[["q"]]},{"id":"q","type":"ask","name":"may I","z":"t","wires":[["e"]]},
		{"id":"e","type":"end","z":"t","wires":[]}]`
	synctest.Test(t, func(t *testing.T) {
		r := start(t, file)
		r.emit("m1")
		synctest.Wait()
		q := r.question()
		graph := func(text string) *flow.Graph {
			g, err := build(r.w, []byte(text))
			if err != nil {
				t.Fatal(err)
			}
			return g
		}
		renamed := replace(file, "may I", "may we")
		if ends, err := r.Ends(t.Context(), graph(renamed), flow.Full); err != nil || len(ends) != 0 {
			t.Errorf("a change of the node ends: %+v, %v", ends, err)
		}
		without := replace(replace(file, `[["q"]]`, `[["e"]]`), `{"id":"q","type":"ask","name":"may I","z":"t","wires":[["e"]]},`, "")
		g := graph(without)
		ends, err := r.Ends(t.Context(), g, flow.Nodes)
		if err != nil || len(ends) != 1 || ends[0].Node.ID != "q" || !ends[0].Deleted || ends[0].Questions != 1 || ends[0].Held != 0 {
			t.Fatalf("deleting the node ends: %+v, %v", ends, err)
		}
		if _, err := r.Deploy(t.Context(), g, []byte(without), flow.Nodes); err != nil {
			t.Fatal(err)
		}
		again, err := r.Ends(t.Context(), g, flow.Nodes) // the deployer was cut off before the next call
		if err != nil || len(again) != 1 || again[0].Node.ID != "q" || !again[0].Deleted || again[0].Questions != 1 {
			t.Errorf("deploying the same again ends: %+v, %v", again, err)
		}
		if err := r.EndQuestions(t.Context(), []*flow.Node{ends[0].Node}); err != nil {
			t.Fatal(err)
		}
		row, err := r.cfg.Store.Question(t.Context(), q.ID)
		if err != nil {
			t.Fatal(err)
		}
		same(t, "question, once the deployer is told", row.State, store.Cancelled)
		synctest.Wait()
		runs := r.runs()
		same(t, "run", runs[0].Status, machine.RunFailed)
		same(t, "why", runs[0].Error, "may I was deleted by a deploy while its question was open")
	})
}

// A tab that a deploy blocks, by a node of an unknown type, starts nothing new; what
// is under way there goes on, and nothing of it is ended.
func TestDeployBlocksATab(t *testing.T) {
	const file = `[{"id":"s","type":"src","z":"t","wires":[["q","h"]]},{"id":"q","type":"ask","name":"may I","z":"t","wires":[["e"]]},
		{"id":"h","type":"hold","z":"t","wires":[["e"]]},{"id":"e","type":"end","z":"t","wires":[]}]`
	blocked := replace(file, `[{"id":"s"`, `[{"id":"x","type":"no such type","z":"t","wires":[]},{"id":"s"`)
	for _, mode := range []flow.Mode{flow.Full, flow.Flows, flow.Nodes} {
		synctest.Test(t, func(t *testing.T) {
			r := start(t, file)
			r.emit("m1")
			g, err := build(r.w, []byte(blocked))
			if err != nil {
				t.Fatal(err)
			}
			if ends, err := r.Ends(t.Context(), g, mode); err != nil || len(ends) != 0 {
				t.Errorf("blocking the tab ends: %+v, %v", ends, err)
			}
			if _, err := r.Deploy(t.Context(), g, []byte(blocked), mode); err != nil {
				t.Fatal(err)
			}
			r.file = blocked
			r.crash()
			if err := r.answer(r.question().ID, yes); err != nil {
				t.Fatal(err)
			}
			same(t, "ends once answered", r.w.ends(), []string{"yes"})
			time.Sleep(time.Minute)
			synctest.Wait()
			same(t, "ends", len(r.w.ends()), 2)
			r.ended("done")
		})
	}
}
