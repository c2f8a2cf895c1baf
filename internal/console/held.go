package console

import (
	"context"
	"maps"
	"slices"
	"time"

	"toban/internal/machine"
	"toban/internal/node"
)

// held is a message that a node holds.
type held struct {
	What   string // who holds it, and until when
	Left   *countdown
	StepAt string
	due    time.Time
}

// The bounds of what is said about held messages.
const (
	shownHeld    = 5
	heldNodes    = 20                     // that are asked
	heldPatience = 200 * time.Millisecond // for all of them: a node may be busy
)

// held tells which messages of the run nodes hold, the ones that go on first
// before the others; more counts those that are left out.
func (t *timeline) held() (list []held, more int) {
	var places []int
	nodes := map[string]bool{}
	for i, s := range t.order {
		if s.State == machine.Held {
			places = append(places, i)
			nodes[s.Node] = true
		}
	}
	if len(places) == 0 {
		return nil, 0
	}
	t.due = t.heldUntil(slices.Sorted(maps.Keys(nodes)))
	for _, i := range places {
		list = append(list, t.holds(i))
	}
	slices.SortStableFunc(list, func(a, b held) int {
		if a.due.IsZero() != b.due.IsZero() { // nobody knows when that is
			if a.due.IsZero() {
				return 1
			}
			return -1
		}
		return a.due.Compare(b.due)
	})
	more = max(len(list)-shownHeld, 0)
	return list[:len(list)-more], more
}

// holds tells of a step whose message its node holds.
func (t *timeline) holds(place int) held {
	s := t.order[place]
	v := held{StepAt: t.stepAt(place), due: t.due[s.Seq], What: t.text("console.held", "node", t.name(s.Node))}
	if v.due.IsZero() {
		return v
	}
	key := "console.held_until"
	if _, typ := t.names(s.Node); typ == "link call" {
		key = "console.called_until"
	}
	v.What, v.Left = t.text(key, "node", t.name(s.Node), "time", t.at(v.due).Zoned), t.until("in", v.due)
	return v
}

// heldUntil asks nodes until when they hold messages of the run: by the steps'
// numbers. What a node doesn't say in time isn't known now.
func (t *timeline) heldUntil(nodes []string) map[int]time.Time {
	due := map[int]time.Time{}
	ctx, stop := context.WithTimeout(t.r.Context(), heldPatience)
	defer stop()
	for _, id := range nodes[:min(len(nodes), heldNodes)] {
		said := map[int]time.Time{}
		err := t.cfg.Engine.Within(ctx, id, func(env node.Env, _ node.Node) {
			for _, row := range env.State().Rows() {
				if row.Step != nil && row.Step.Run() == t.run.ID {
					said[row.Step.Seq()] = row.Due
				}
			}
		})
		if ctx.Err() != nil {
			t.unsure = true
			break
		}
		if err == nil { // else the node is gone, and what it holds goes on by itself
			maps.Copy(due, said)
		}
	}
	return due
}
