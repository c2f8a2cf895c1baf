package engine_test

import (
	"errors"
	"testing"
	"testing/synctest"

	"toban/internal/engine"
	"toban/internal/flow"
	"toban/internal/machine"
	"toban/internal/node"
	"toban/internal/store"
)

// The event of an earlier run goes through the flow again, and touches nothing.
func TestRehearseARun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, asks)
		first := r.emit("m1").Run()
		if _, err := r.Answer(t.Context(), r.question().ID, node.Answer{Choice: 0, Value: "yes"}); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		again, err := r.RehearseRun(t.Context(), first)
		if err != nil {
			t.Fatal(err)
		}
		row, records, err := r.store.Run(t.Context(), again) // it is stored when RehearseRun returns
		if err != nil {
			t.Fatal(err)
		}
		history, err := machine.Fold(records)
		if err != nil {
			t.Fatal(err)
		}
		same(t, "row", []any{row.Rehearsal, row.Title, row.EventKey, row.Source, history.Parent},
			[]any{true, "m1", "", "s", first})
		synctest.Wait()
		r.crash() // what it is outlives the process
		q := r.question()
		card, err := r.Card(q)
		if err != nil {
			t.Fatal(err)
		}
		same(t, "question", []any{q.Run, card.Rehearsal}, []any{again, true})
		if _, err := r.Answer(t.Context(), q.ID, node.Answer{Choice: 0, Value: "yes"}); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		same(t, "effects", r.w.effects(), []string{"go"}) // the first run's
		same(t, "notes", r.desk.notes, []string{"general: Rehearsal, not executed: act (world)\ngo"})
		same(t, "the event is still known", r.emit("m1").Run(), first)
		same(t, "runs", len(r.runs()), 2)
	})
}

// A press of a button goes straight to its node; so does its rehearsal.
func TestRehearseAPress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, actions)
		first, err := r.Inject(t.Context(), "a1", msg("pressed"))
		if err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if _, err := r.RehearseRun(t.Context(), first); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		same(t, "effects", r.w.effects(), []string{"stop", "start"})
		same(t, "ends", r.w.ends(), []string{"pressed", "pressed", "pressed", "pressed"})
	})
}

// The deployed flow of today is what is rehearsed, or nothing.
func TestRehearseOnTodaysFlow(t *testing.T) {
	const shorter = `[{"id":"s","type":"src","z":"t","wires":[["e"]]},{"id":"e","type":"end","z":"t","wires":[]}]`
	for _, c := range []struct {
		name, file string
		want       error
	}{
		{"changed", shorter, nil},
		{"not wired", replace(shorter, `["e"]`, ``), engine.ErrNotAgain},
		{"without its source", replace(shorter, `"id":"s"`, `"id":"s2"`), engine.ErrNotAgain},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := start(t, actions)
				first := r.emit("m1").Run()
				r.file = c.file
				g, err := build(r.w, []byte(r.file))
				if err != nil {
					t.Fatal(err)
				}
				if _, err := r.Deploy(t.Context(), g, []byte(r.file), flow.Full); err != nil {
					t.Fatal(err)
				}
				if _, err := r.RehearseRun(t.Context(), first); !errors.Is(err, c.want) {
					t.Fatalf("error %v, want %v", err, c.want)
				}
				synctest.Wait()
				if c.want == nil {
					same(t, "ends", r.w.ends(), []string{"m1", "m1", "m1"})
				}
			})
		})
	}
}

func TestRehearseNoRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, actions)
		if _, err := r.RehearseRun(t.Context(), "nobody"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("error %v", err)
		}
	})
}
