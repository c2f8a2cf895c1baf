package console

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"toban/internal/machine"
)

func shape(steps []*machine.Step) string {
	var b strings.Builder
	for _, p := range arrange(steps) {
		fmt.Fprintf(&b, "%s%d ", strings.Repeat("-", p.depth), p.Seq)
	}
	return b.String()
}

func tree(parents ...int) (steps []*machine.Step) {
	for seq, parent := range parents {
		steps = append(steps, &machine.Step{Seq: seq, Parent: parent})
	}
	return steps
}

// TestArrange: a step is followed by what came out of it; only branches are indented.
func TestArrange(t *testing.T) {
	for _, c := range []struct {
		name  string
		steps []*machine.Step
		want  string
	}{
		{"a chain", tree(-1, 0, 1, 2), "0 1 2 3 "},
		{"breadth first in the run, branch after branch on the page", tree(-1, 0, 0, 1, 2), "0 -1 -3 -2 -4 "},
		{"two beginnings", tree(-1, -1, 0), "0 2 1 "},
		{"a parent that isn't kept", []*machine.Step{nil, {Seq: 1, Parent: 0}}, "1 "},
		{"a damaged journal: its own parent, a later one", tree(0, 2, 1), "0 1 2 "},
		{"nothing", nil, ""},
	} {
		if got := shape(c.steps); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// TestArrangeAll: every step is shown once, whatever the run was like.
func TestArrangeAll(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		steps := tree(rapid.SliceOfN(rapid.IntRange(-2, 60), 0, 50).Draw(t, "parents")...)
		seen := map[int]bool{}
		for _, p := range arrange(steps) {
			if seen[p.Seq] {
				t.Fatalf("step %d stands twice", p.Seq)
			}
			seen[p.Seq] = true
		}
		if len(seen) != len(steps) {
			t.Fatalf("%d of %d steps", len(seen), len(steps))
		}
	})
}
