package engine

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"toban/internal/failpoint"
	"toban/internal/flow"
	"toban/internal/locale"
	"toban/internal/machine"
	"toban/internal/node"
	"toban/internal/store"
)

// End is what a deploy would end at one node: questions that nobody has
// answered, and messages that it holds.
type End struct {
	Node      *flow.Node
	Deleted   bool // else changed
	Questions int
	Held      int
}

// Ends lists what deploying g would end, in the order of the nodes' ids. A
// question outlives the change of its node, because its run stays on its
// revision; what a node holds does not.
func (e *Engine) Ends(ctx context.Context, g *flow.Graph, mode flow.Mode) ([]End, error) {
	e.deploying.Lock()
	defer e.deploying.Unlock()
	old := e.current
	if old == nil {
		return nil, nil
	}
	found := map[string]*End{}
	change := flow.Diff(old.graph, g, mode)
	for _, id := range change.Stop {
		n := old.bound[id].flow
		if deleted := change.Removed[id]; deleted || differs(n, g) {
			found[id] = &End{Node: n, Deleted: deleted}
		}
	}
	for _, p := range e.allPartitions() {
		if err := p.call(ctx, func() { p.countEnds(g, found) }); err != nil {
			return nil, err
		}
	}
	var ends []End
	for _, end := range found {
		if end.Questions+end.Held > 0 {
			ends = append(ends, *end)
		}
	}
	slices.SortFunc(ends, func(a, b End) int { return cmp.Compare(a.Node.ID, b.Node.ID) })
	return ends, nil
}

// countEnds counts what is open at the nodes in found, and adds those that g does
// not have although they still ask: a deploy that was cut off had deleted them.
func (p *partition) countEnds(g *flow.Graph, found map[string]*End) {
	for _, open := range p.asked {
		if open.Step.State != machine.Asking {
			continue
		}
		id := open.Step.Node
		if h := p.handle(open.Run, open.Step); h != nil && found[id] == nil && g.Nodes[id] == nil {
			found[id] = &End{Node: h.flow, Deleted: true}
		}
		if end := found[id]; end != nil && end.Deleted {
			end.Questions++
		}
	}
	for id, end := range found {
		for _, row := range p.m.Rows(id) {
			if p.m.Run(row.Run) != nil {
				end.Held++
			}
		}
	}
}

// EndQuestions cancels the open questions of nodes that a deploy has deleted:
// each of their steps fails visibly, its card says that nobody is asked any more.
// It returns once that is stored: whoever is told of the deploy can rely on it.
func (e *Engine) EndQuestions(ctx context.Context, nodes []*flow.Node) error {
	label := map[string]string{}
	for _, n := range nodes {
		label[n.ID] = cmp.Or(n.Name, n.Type)
	}
	reasons := map[string]error{} // by question
	for _, p := range e.allPartitions() {
		err := p.call(ctx, func() {
			for id, open := range p.asked {
				if name, ok := label[open.Step.Node]; ok && open.Step.State == machine.Asking {
					reasons[id] = &node.Coded{Code: "deleted", Err: locale.Errorf("engine.deleted_while_asking", "node", name)}
				}
			}
		})
		if err != nil {
			return err
		}
	}
	for _, id := range slices.Sorted(maps.Keys(reasons)) {
		if err := e.endAsked(ctx, id, reasons[id]); err != nil {
			return err
		}
	}
	return nil
}

// A question that was asked a moment ago is looked for so often: the cut that
// stores it is under way.
const (
	cutTries = 100
	cutPause = 50 * time.Millisecond
)

// endAsked cancels a question, unless it has ended otherwise.
func (e *Engine) endAsked(ctx context.Context, id string, reason error) error {
	for try := 1; ; try++ {
		failpoint.Here(failpoint.CancelStoring)
		q, err := e.cfg.Store.EndQuestion(ctx, id, store.Ending{State: store.Cancelled})
		switch {
		case err == nil:
			failpoint.Here(failpoint.CancelStored)
			e.questionEnded(q, reason)
			return nil
		case errors.Is(err, store.ErrClosed):
			return nil
		case !errors.Is(err, store.ErrNotFound) || try == cutTries || !e.sleep(cutPause):
			return err
		}
	}
}
