package engine_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"toban/internal/engine"
	"toban/internal/flow"
	"toban/internal/machine"
	"toban/internal/node"
	"toban/internal/store"
)

// These are the ways in which the gates of other tools broke, by the numbers of
// docs/reliability.md. A gate is a question with effects behind it.

var yes, no = node.Answer{Choice: 0, Value: "yes"}, node.Answer{Choice: 1, Value: "no"}

// answer answers and waits until nothing more happens.
func (r *rig) answer(id string, a node.Answer) error {
	_, err := r.Answer(r.t.Context(), id, a)
	synctest.Wait()
	return err
}

// ended checks how the only run ended.
func (r *rig) ended(status string) {
	r.t.Helper()
	runs := r.runs()
	if len(runs) != 1 || runs[0].Status != status {
		r.t.Errorf("runs %+v, want one that is %s", runs, status)
	}
}

// many answers at the same moment are one answer.
func TestGate01AnswerAcceptedTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, asks)
		r.emit("m1")
		q := r.question()
		var won, lost int
		var mu sync.Mutex
		var clicks sync.WaitGroup
		for range 50 {
			clicks.Go(func() {
				_, err := r.Answer(t.Context(), q.ID, yes)
				mu.Lock()
				defer mu.Unlock()
				switch {
				case err == nil:
					won++
				case errors.Is(err, node.ErrClosed):
					lost++
				}
			})
		}
		clicks.Wait()
		synctest.Wait()
		same(t, "answers that counted", won, 1)
		same(t, "answers that were told so", lost, 49)
		same(t, "effects", r.w.effects(), []string{"go"})
	})
}

// The deadline of an answered question passes without effect, also after a restart.
func TestGate02StaleTimerAfterAnAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, asks)
		r.emit("m1")
		q := r.question()
		if err := r.answer(q.ID, yes); err != nil {
			t.Fatal(err)
		}
		r.crash()
		time.Sleep(2 * time.Hour)
		synctest.Wait()
		same(t, "ends", r.w.ends(), []string{"yes"})
		same(t, "effects", r.w.effects(), []string{"go"})
		r.ended(machine.RunDone)
	})
}

// Cancelling a run that waits executes nothing, now or later.
func TestGate03CancelExecutesTheNextStep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, asks)
		receipt := r.emit("m1")
		q := r.question()
		if err := r.Cancel(t.Context(), receipt.Run()); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if err := r.answer(q.ID, yes); !errors.Is(err, node.ErrClosed) {
			t.Errorf("an answer to a cancelled run: %v", err)
		}
		r.crash()
		time.Sleep(2 * time.Hour)
		same(t, "effects", len(r.w.effects()), 0)
		same(t, "ends", len(r.w.ends()), 0)
		r.ended(machine.RunCancelled)
	})
}

// Restarts leave a waiting run waiting, with one question and one card.
func TestGate04RestartOfAWaitingRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, asks)
		r.emit("m1")
		q := r.question()
		for range 3 {
			r.crash()
			same(t, "the question", r.question().ID, q.ID)
			same(t, "effects", len(r.w.effects()), 0)
		}
		same(t, "cards", r.desk.cards, []string{"post ask open"})
		if err := r.answer(q.ID, yes); err != nil {
			t.Fatal(err)
		}
		same(t, "effects", r.w.effects(), []string{"go"})
	})
}

// What stands behind a gate waits, whatever its parallel branches do, and with
// another step in between.
func TestGate05BypassedByABranch(t *testing.T) {
	const file = `[{"id":"s","type":"src","z":"t","wires":[["free","q","p"]]},
		{"id":"free","type":"act","name":"free","z":"t","wires":[["e"]]},
		{"id":"p","type":"pass","z":"t","wires":[["free2"]]},{"id":"free2","type":"act","name":"free2","z":"t","wires":[["e"]]},
		{"id":"q","type":"ask","z":"t","wires":[["between"]]},{"id":"between","type":"pass","z":"t","wires":[["behind"]]},
		{"id":"behind","type":"act","name":"behind","z":"t","wires":[["e"]]},{"id":"e","type":"end","z":"t","wires":[]}]`
	synctest.Test(t, func(t *testing.T) {
		r := start(t, file)
		r.emit("m1")
		q := r.question()
		same(t, "number of effects before the answer", len(r.w.effects()), 2)
		r.crash()
		same(t, "number of effects after a crash", len(r.w.effects()), 2)
		if err := r.answer(q.ID, yes); err != nil {
			t.Fatal(err)
		}
		same(t, "the last effect", r.w.effects()[2:], []string{"behind"})
	})
}

// A run that passes a gate by asks nobody and ends.
func TestGate06SkippedGateWaitsForEver(t *testing.T) {
	const file = `[{"id":"s","type":"src","z":"t","wires":[["e"]]},{"id":"q","type":"ask","z":"t","wires":[["e"]]},
		{"id":"e","type":"end","z":"t","wires":[]}]`
	synctest.Test(t, func(t *testing.T) {
		r := start(t, file)
		r.emit("m1")
		r.ended(machine.RunDone)
		same(t, "cards", len(r.desk.cards), 0)
	})
}

// However old it is, a run that waits is kept, and its answer counts.
func TestGate08WaitingRunPruned(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, asks)
		r.emit("m1")
		q := r.question()
		if n, err := r.store.Prune(t.Context(), time.Now().Add(24*time.Hour), 1); n != 0 || err != nil {
			t.Errorf("pruned %d, %v", n, err)
		}
		if err := r.answer(q.ID, yes); err != nil {
			t.Fatal(err)
		}
		same(t, "effects", r.w.effects(), []string{"go"})
	})
}

// A decision that is stored is carried out, even if the process that stored it
// died at once: see also TestAnswerStoredThenCrash.
func TestGate09DecisionStoredRunNeverResumed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, asks)
		r.emit("m1")
		q := r.question()
		r.Kill()
		if _, err := r.Answer(context.WithoutCancel(t.Context()), q.ID, yes); err != nil {
			t.Fatal(err)
		}
		same(t, "effects of the dead process", len(r.w.effects()), 0)
		r.boot()
		same(t, "effects", r.w.effects(), []string{"go"})
		r.ended(machine.RunDone)
	})
}

// Going on after an answer repeats nothing that was done before it.
func TestGate10ResumeRunsFromTheTop(t *testing.T) {
	const file = `[{"id":"s","type":"src","z":"t","wires":[["a"]]},{"id":"a","type":"act","name":"before","z":"t","wires":[["q"]]},
		{"id":"q","type":"ask","z":"t","wires":[["b"]]},{"id":"b","type":"act","name":"after","z":"t","wires":[["e"]]},
		{"id":"e","type":"end","z":"t","wires":[]}]`
	synctest.Test(t, func(t *testing.T) {
		r := start(t, file)
		r.emit("m1")
		q := r.question()
		r.crash()
		if err := r.answer(q.ID, yes); err != nil {
			t.Fatal(err)
		}
		r.crash()
		same(t, "effects", r.w.effects(), []string{"before", "after"})
	})
}

// Of two gates in one run, each has its own answer.
func TestGate11SecondGateAnsweredByTheFirstClick(t *testing.T) {
	const file = `[{"id":"s","type":"src","z":"t","wires":[["q1"]]},{"id":"q1","type":"ask","z":"t","wires":[["q2"]]},
		{"id":"q2","type":"ask","z":"t","wires":[["a"]]},{"id":"a","type":"act","name":"go","z":"t","wires":[["e"]]},
		{"id":"e","type":"end","z":"t","wires":[]}]`
	synctest.Test(t, func(t *testing.T) {
		r := start(t, file)
		r.emit("m1")
		first := r.question()
		for range 3 { // the click, delivered three times
			_ = r.answer(first.ID, yes)
		}
		second := r.question()
		if second.ID == first.ID {
			t.Fatal("the second gate has the first one's question")
		}
		same(t, "effects", len(r.w.effects()), 0)
		if err := r.answer(second.ID, yes); err != nil {
			t.Fatal(err)
		}
		same(t, "effects", r.w.effects(), []string{"go"})
	})
}

// However a question ends, its card loses its buttons.
func TestGate12ButtonsStayLive(t *testing.T) {
	for state, finish := range map[string]func(r *rig, q store.Question, run string) error{
		"answered": func(r *rig, q store.Question, _ string) error { return r.answer(q.ID, no) },
		"expired":  func(*rig, store.Question, string) error { time.Sleep(time.Hour); return nil },
		"cancelled": func(r *rig, _ store.Question, run string) error {
			return r.Cancel(r.t.Context(), run)
		},
	} {
		t.Run(state, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := start(t, asks)
				receipt := r.emit("m1")
				if err := finish(r, r.question(), receipt.Run()); err != nil {
					t.Fatal(err)
				}
				synctest.Wait()
				same(t, "cards", r.desk.cards, []string{"post ask open", "update ask " + state})
			})
		})
	}
}

// storedDesk refuses a card whose question is not stored yet.
type storedDesk struct {
	*desk
	store store.Store
}

func (d storedDesk) Post(ctx context.Context, c node.Card) (string, error) {
	if _, err := d.store.Question(ctx, c.ID); err != nil {
		return "", err
	}
	return d.desk.Post(ctx, c)
}

// Nothing is shown before the wait is stored: a click never finds nothing.
func TestGate14PostedButNotStored(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, asks, func(c *engine.Config) { c.Desk = storedDesk{c.Desk.(*desk), c.Store} })
		r.emit("m1")
		same(t, "cards", r.desk.cards, []string{"post ask open"})
		same(t, "the question", r.question().State, store.Open)
	})
}

// A flow that changes while a run waits changes nothing for that run.
func TestGate15FlowChangedWhileWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, asks)
		r.emit("m1")
		q := r.question()
		changed := replace(asks, `"name":"go"`, `"name":"something else"`)
		g, err := build(r.w, []byte(changed))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.Deploy(t.Context(), g, []byte(changed), flow.Full); err != nil {
			t.Fatal(err)
		}
		r.file = changed
		r.crash()
		if err := r.answer(q.ID, yes); err != nil {
			t.Fatal(err)
		}
		same(t, "effects", r.w.effects(), []string{"go"})
	})
}

// A click and the end of the time in the same moment: one of them counts.
func TestGate17ClickAtTheDeadline(t *testing.T) {
	for _, offset := range []time.Duration{-time.Nanosecond, 0, time.Nanosecond} {
		synctest.Test(t, func(t *testing.T) {
			r := start(t, asks)
			r.emit("m1")
			q := r.question()
			time.Sleep(time.Until(q.Deadline) + offset)
			err := r.answer(q.ID, yes)
			time.Sleep(time.Hour)
			synctest.Wait()
			row, rowErr := r.store.Question(t.Context(), q.ID)
			if rowErr != nil {
				t.Fatal(rowErr)
			}
			want := map[bool][]string{true: {"yes"}, false: {"error: approve: nobody answered within 30 min"}}[err == nil]
			same(t, "ends", r.w.ends(), want)
			same(t, "what the row says", row.State == store.Answered, err == nil)
			same(t, "effects", len(r.w.effects()) == 1, err == nil)
			if offset >= 0 && err == nil {
				t.Errorf("an answer %v after the deadline counts", offset)
			}
		})
	}
}
