package engine

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

const (
	lastSteps  = 1000 // of a run that is ended for its length: what it did in these is told
	namedNodes = 8    // the most nodes that an error names
)

// late counts the deliveries of the runs that come near the most steps that a
// run may have: by run, by the node's label.
type late map[string]map[string]int

// noteLate counts a delivery if its run comes near the end.
func (p *partition) noteLate(h *step) {
	if h.run.Steps() <= p.e.cfg.MaxSteps-lastSteps {
		return
	}
	counts := p.late[h.run.ID]
	if counts == nil {
		counts = map[string]int{}
		p.late[h.run.ID] = counts
	}
	counts[h.inst.env.Label()]++
}

// nodes names those that a run went through again and again, the busiest first.
func (l late) nodes(run string) string {
	counts := l[run]
	names := slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b))
	})
	names = slices.DeleteFunc(names, func(name string) bool { return counts[name] < 2 })
	if len(names) > namedNodes {
		names = append(names[:namedNodes], "…")
	}
	return strings.Join(names, ", ")
}

func (l late) forget(run string) { delete(l, run) }
