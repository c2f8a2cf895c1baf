package engine_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"toban/internal/engine"
	"toban/internal/flow"
	"toban/internal/locale"
	"toban/internal/machine"
	"toban/internal/node"
)

const actions = `[
 {"id":"s","type":"src","z":"t","wires":[["a1"]]},
 {"id":"a1","type":"act","name":"stop","z":"t","wires":[["a2","e"]]},
 {"id":"a2","type":"act","name":"start","z":"t","wires":[["e"]]},
 {"id":"e","type":"end","z":"t","wires":[]},
 {"id":"c","type":"catch","z":"t","scope":null,"wires":[["e"]]}]`

const asks = `[
 {"id":"s","type":"src","z":"t","wires":[["q"]]},
 {"id":"q","type":"ask","name":"approve","z":"t","wires":[["a"]]},
 {"id":"a","type":"act","name":"go","z":"t","wires":[["e"]]},
 {"id":"e","type":"end","z":"t","wires":[]},
 {"id":"c","type":"catch","z":"t","scope":null,"wires":[["e"]]}]`

func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("%s (-want +got):\n%s", what, d)
	}
}

func TestEffectsRunInOrderAndTheRunEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, actions)
		receipt := r.emit("m1")
		if err := receipt.Safe(t.Context()); err != nil {
			t.Fatal(err)
		}
		same(t, "effects", r.w.effects(), []string{"stop", "start"})
		same(t, "ends", r.w.ends(), []string{"m1", "m1"})
		run := r.runs()[0]
		same(t, "status", run.Status, machine.RunDone)
		row, records, err := r.store.Run(t.Context(), receipt.Run())
		if err != nil {
			t.Fatal(err)
		}
		h, err := machine.Fold(records)
		if err != nil {
			t.Fatal(err)
		}
		var path []string
		for _, s := range h.Steps {
			path = append(path, s.Node+" "+s.State.String())
		}
		same(t, "path", path, []string{"s done", "a1 done", "a2 done", "e done", "e done"})
		same(t, "title", row.Title, "m1")
	})
}

func TestOneEventOneRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, actions)
		first := r.emit("m1")
		again := r.emit("m1")
		same(t, "repeated", again.Repeated(), true)
		same(t, "run", again.Run(), first.Run())
		r.crash()
		same(t, "repeated after a restart", r.emit("m1").Repeated(), true)
		same(t, "effects", r.w.effects(), []string{"stop", "start"})
	})
}

func TestFailureGoesToCatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, actions)
		r.w.fail["stop"] = errors.New("no such host")
		r.emit("m1")
		same(t, "effects", r.w.effects(), []string{"stop"})
		same(t, "ends", r.w.ends(), []string{"error: no such host"})
		same(t, "status", r.runs()[0].Status, machine.RunDone)
	})
}

func TestUncaughtFailureFailsTheRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, `[{"id":"s","type":"src","z":"t","wires":[["f"]]},{"id":"f","type":"fail","z":"t","wires":[]}]`)
		r.emit("m1")
		run := r.runs()[0]
		same(t, "status", run.Status, machine.RunFailed)
		same(t, "error", run.Error, "boom")
	})
}

func TestAnswerOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, asks)
		r.emit("m1")
		q := r.question()
		same(t, "waiting", r.runs()[0].Waiting, "asking")
		if _, err := r.Answer(t.Context(), q.ID, node.Answer{Choice: 0, Value: "yes"}); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		card, err := r.Answer(t.Context(), q.ID, node.Answer{Choice: 1, Value: "no"})
		if !errors.Is(err, node.ErrClosed) || card.Answer.Value != "yes" {
			t.Errorf("second answer: %v, %v", card.Answer, err)
		}
		same(t, "ends", r.w.ends(), []string{"yes"})
		same(t, "cards", r.desk.cards, []string{"post ask open", "update ask answered"})
	})
}

func TestAnswerAfterACrash(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, asks)
		r.emit("m1")
		q := r.question()
		r.crash()
		if _, err := r.Answer(t.Context(), q.ID, node.Answer{Choice: 0, Value: "yes"}); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		same(t, "effects", r.w.effects(), []string{"go"})
		same(t, "cards", r.desk.cards, []string{"post ask open", "update ask answered"})
		same(t, "status", r.runs()[0].Status, machine.RunDone)
	})
}

// An answer that is stored but whose run has not gone on yet must not be lost.
func TestAnswerStoredThenCrash(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, asks)
		r.emit("m1")
		q := r.question()
		r.Kill()
		if _, err := r.Answer(t.Context(), q.ID, node.Answer{Choice: 0, Value: "yes"}); err != nil {
			t.Fatal(err)
		}
		r.boot()
		same(t, "ends", r.w.ends(), []string{"yes"})
		same(t, "effects", r.w.effects(), []string{"go"})
	})
}

func TestQuestionExpires(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, asks)
		r.emit("m1")
		q := r.question()
		time.Sleep(31 * time.Minute)
		synctest.Wait()
		same(t, "ends", r.w.ends(), []string{"error: approve: nobody answered within 30 min"})
		_, err := r.Answer(t.Context(), q.ID, node.Answer{Choice: 0, Value: "yes"})
		if !errors.Is(err, node.ErrClosed) {
			t.Errorf("late answer: %v", err)
		}
		same(t, "effects", len(r.w.effects()), 0)
		same(t, "cards", r.desk.cards, []string{"post ask open", "update ask expired"})
	})
}

func TestQuestionThatCannotBeShownGoesToCatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, asks)
		r.desk.err = errors.New("not in channel")
		r.emit("m1")
		same(t, "ends", r.w.ends(), []string{"error: not in channel"})
	})
}

func TestReservedEffectIsNotRepeated(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, actions)
		r.w.block["stop"] = make(chan struct{})
		r.emit("m1")
		r.crash()
		same(t, "effects", r.w.effects(), []string{"stop"})
		q := r.question()
		same(t, "kind", q.Kind, engine.KindUnknown)
		same(t, "waiting", r.runs()[0].Waiting, "unknown")
		same(t, "neither output nor catch", len(r.w.ends()), 0)
		delete(r.w.block, "stop")
		if _, err := r.Answer(t.Context(), q.ID, node.Answer{Choice: 0, Value: engine.RunAgain}); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		same(t, "effects", r.w.effects(), []string{"stop", "stop", "start"})
		same(t, "status", r.runs()[0].Status, machine.RunDone)
	})
}

func TestUnknownDecisions(t *testing.T) {
	for choice, value := range []string{engine.RunAgain, engine.TreatAsDone, engine.TreatAsFailed, engine.CancelRun} {
		t.Run(value, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := start(t, actions)
				r.w.fail["stop"] = errors.Join(errors.New("connection lost"), node.ErrUnknown)
				r.emit("m1")
				delete(r.w.fail, "stop")
				q := r.question()
				if _, err := r.Answer(t.Context(), q.ID, node.Answer{Choice: choice, Value: value}); err != nil {
					t.Fatal(err)
				}
				synctest.Wait()
				want := map[string][]string{
					engine.RunAgain:      {"stop", "stop", "start"},
					engine.TreatAsDone:   {"stop", "start"},
					engine.TreatAsFailed: {"stop"},
					engine.CancelRun:     {"stop"},
				}[value]
				same(t, "effects", r.w.effects(), want)
				status := machine.RunDone
				if value == engine.CancelRun {
					status = machine.RunCancelled
				}
				same(t, "status", r.runs()[0].Status, status)
			})
		})
	}
}

func TestRepeatPolicyAndObservation(t *testing.T) {
	for name, tc := range map[string]struct {
		policy string
		seen   *node.Observation
		want   []string
	}{
		"repeat":                {policy: "repeat", want: []string{"stop", "stop", "start"}},
		"seen to have happened": {seen: &node.Observation{Happened: node.Happened}, want: []string{"stop"}},
		"seen not to have":      {seen: &node.Observation{Happened: node.DidNot}, want: []string{"stop", "stop", "start"}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				file := `[{"id":"s","type":"src","z":"t","wires":[["a1"]]},
				 {"id":"a1","type":"act","name":"stop","policy":"` + tc.policy + `","z":"t","wires":[["a2"]]},
				 {"id":"a2","type":"act","name":"start","z":"t","wires":[[]]}]`
				r := start(t, file)
				if tc.seen != nil {
					r.w.observe["stop"] = *tc.seen
				}
				r.w.block["stop"] = make(chan struct{})
				r.emit("m1")
				r.Kill()
				delete(r.w.block, "stop")
				r.boot()
				same(t, "effects", r.w.effects(), tc.want)
				same(t, "status", r.runs()[0].Status, machine.RunDone)
			})
		})
	}
}

func TestHeldMessageSurvivesACrash(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, `[{"id":"s","type":"src","z":"t","wires":[["h"]]},
		 {"id":"h","type":"hold","z":"t","wires":[["e"]]},{"id":"e","type":"end","z":"t","wires":[]}]`)
		r.emit("m1")
		time.Sleep(30 * time.Second)
		r.crash()
		same(t, "held", len(r.w.ends()), 0)
		time.Sleep(31 * time.Second)
		synctest.Wait()
		same(t, "ends", r.w.ends(), []string{"m1"})
		same(t, "status", r.runs()[0].Status, machine.RunDone)
	})
}

func TestContextSurvivesACrash(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, `[{"id":"s","type":"src","z":"t","wires":[["n"]]},
		 {"id":"n","type":"count","z":"t","wires":[["e"]]},{"id":"e","type":"end","z":"t","wires":[]}]`)
		r.emit("m1")
		r.emit("m2")
		r.crash()
		r.emit("m3")
		same(t, "ends", r.w.ends(), []string{"1", "2", "3"})
	})
}

func TestCancelWhileAsking(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, asks)
		receipt := r.emit("m1")
		if err := r.Cancel(t.Context(), receipt.Run()); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		same(t, "status", r.runs()[0].Status, machine.RunCancelled)
		same(t, "cards", r.desk.cards, []string{"post ask open", "update ask cancelled"})
		same(t, "ends", len(r.w.ends()), 0)
	})
}

func TestRehearsalTouchesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, asks, func(c *engine.Config) { c.Rehearse = true; c.Lang = locale.JA })
		r.emit("m1")
		if _, err := r.Answer(t.Context(), r.question().ID, node.Answer{Choice: 0, Value: "yes"}); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		same(t, "effects", len(r.w.effects()), 0)
		same(t, "notes", r.desk.notes, []string{"general: 予行演習のため実行していません: act（world）\ngo"})
		same(t, "ends", r.w.ends(), []string{"yes"})
	})
}

// A run stays on the revision that it began on.
func TestDeployWhileAsking(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, asks)
		r.emit("m1")
		r.file = `[{"id":"s","type":"src","z":"t","wires":[["e"]]},{"id":"e","type":"end","z":"t","wires":[]}]`
		g, err := build(r.w, []byte(r.file))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.Deploy(t.Context(), g, []byte(r.file), flow.Full); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		r.crash() // the old revision comes back from the store
		if _, err := r.Answer(t.Context(), r.question().ID, node.Answer{Choice: 0, Value: "yes"}); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		same(t, "effects", r.w.effects(), []string{"go"})
		r.emit("m2")
		same(t, "ends", r.w.ends(), []string{"yes", "m2"})
	})
}

func TestEndlessLoopIsCut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, `[{"id":"s","type":"src","z":"t","wires":[["p"]]},{"id":"p","type":"pass","z":"t","wires":[["p"]]}]`,
			func(c *engine.Config) { c.MaxSteps = 500 })
		r.emit("m1")
		run := r.runs()[0]
		same(t, "status", run.Status, machine.RunCancelled)
		if run.Error == "" {
			t.Error("the run doesn't say why it ended")
		}
	})
}

func TestCatchLoopIsCut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, `[{"id":"s","type":"src","z":"t","wires":[["f"]]},{"id":"f","type":"fail","z":"t","wires":[]},
		 {"id":"c","type":"catch","z":"t","scope":["f"],"wires":[["f","e"]]},{"id":"e","type":"end","z":"t","wires":[]}]`)
		r.emit("m1")
		same(t, "rounds", len(r.w.ends()), 9)
	})
}

func TestGracefulStopWaitsForTheEffect(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, actions)
		gate := make(chan struct{})
		r.w.block["stop"] = gate
		r.emit("m1")
		time.AfterFunc(3*time.Second, func() { close(gate) })
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		r.Stop(ctx)
		same(t, "effects", r.w.effects(), []string{"stop", "start"})
		r.boot()
		same(t, "no question", len(r.desk.cards), 0)
	})
}
