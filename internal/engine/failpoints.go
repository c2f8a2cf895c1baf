package engine

import (
	"context"
	"errors"
	"slices"

	"toban/internal/failpoint"
	"toban/internal/machine"
	"toban/internal/store"
)

// beforeCut and afterCut come by the failpoints of what a cut has in it. Without
// the tag failpoints they are empty.
func (e *Engine) beforeCut(cut *store.Cut) {
	if failpoint.On {
		passBy(e.boundaries(cut, false), func(b [2]failpoint.Point) failpoint.Point { return b[0] })
	}
}

func (e *Engine) afterCut(cut *store.Cut) {
	if failpoint.On {
		passBy(e.boundaries(cut, true), func(b [2]failpoint.Point) failpoint.Point { return b[1] })
	}
}

func passBy(all [][2]failpoint.Point, side func([2]failpoint.Point) failpoint.Point) {
	for _, b := range all {
		failpoint.Here(side(b))
	}
}

// boundaries are the points before and after the cut.
func (e *Engine) boundaries(cut *store.Cut, stored bool) [][2]failpoint.Point {
	all := [][2]failpoint.Point{{failpoint.CutWriting, failpoint.CutWritten}}
	add := func(is bool, before, after failpoint.Point) {
		if is {
			all = append(all, [2]failpoint.Point{before, after})
		}
	}
	add(len(cut.Questions) > 0, failpoint.QuestionStoring, failpoint.QuestionStored)
	add(len(cut.Consumed) > 0, failpoint.AnswerConsuming, failpoint.AnswerConsumed)
	add(slices.ContainsFunc(cut.State, holds), failpoint.StateStoring, failpoint.StateStored)
	add(slices.ContainsFunc(cut.State, releases), failpoint.StateReleasing, failpoint.StateReleased)
	for _, w := range cut.Runs {
		before, now := e.histories(w, stored)
		add(before == nil, failpoint.EventStoring, failpoint.EventStored)
		add(changed(before, now, reserved), failpoint.EffectReserving, failpoint.EffectReserved)
		add(changed(before, now, confirmed), failpoint.EffectConfirming, failpoint.EffectConfirmed)
		add(!w.EndedAt.IsZero(), failpoint.RunEnding, failpoint.RunEnded)
	}
	return all
}

func holds(w store.StateWrite) bool    { return !w.Delete }
func releases(w store.StateWrite) bool { return w.Delete }

// histories are a run's without and with the record of the cut, whose values may
// refer to the records before it. The first is nil for a new run.
func (e *Engine) histories(w store.RunWrite, stored bool) (before, now []machine.Step) {
	_, records, err := e.cfg.Store.Run(context.Background(), w.ID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		panic(err) // in a program for tests
	}
	if !stored {
		records = append(records, store.Record{Run: w.ID, Data: w.Record})
	}
	last := len(records) - 1
	if last > 0 {
		before = steps(records[:last])
	}
	return before, steps(records)
}

func steps(records []store.Record) []machine.Step {
	past, err := machine.Fold(records)
	if err != nil {
		panic(err) // in a program for tests
	}
	all := make([]machine.Step, len(past.Steps))
	for i, s := range past.Steps {
		if s != nil {
			all[i] = *s
		}
	}
	return all
}

// changed reports whether a step has come into a state with the cut.
func changed(before, now []machine.Step, is func(machine.Step) bool) bool {
	for i, s := range now {
		if is(s) && (i >= len(before) || !is(before[i]) || before[i].Attempt != s.Attempt) {
			return true
		}
	}
	return false
}

func reserved(s machine.Step) bool  { return s.State == machine.Reserved }
func confirmed(s machine.Step) bool { return s.Attempt > 0 && !s.State.Open() }
