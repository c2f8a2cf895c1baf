package engine

import "toban/internal/flow"

// joins says which tabs share a partition: a union-find over tabs and the
// partition names of graphs. It only grows, because runs of old revisions may
// still cross wires that a new revision has cut.
type joins struct{ parent map[string]string }

func newJoins() *joins { return &joins{parent: map[string]string{}} }

// add joins the tabs that a graph joins.
func (j *joins) add(g *flow.Graph) {
	for _, n := range g.Nodes {
		if n.Partition != "" {
			j.union("tab "+tabOf(n).ID, "partition "+n.Partition)
		}
	}
	for _, n := range g.Blocked() { // what the tab keeps has a place all the same
		j.union("tab "+tabOf(n).ID, "partition "+tabOf(n).ID)
	}
}

// name gives the name of the partition that a node belongs to.
func (j *joins) name(n *flow.Node) string {
	if n.Partition == "" {
		return configPartition
	}
	return j.find("tab " + tabOf(n).ID)
}

// configPartition is the loop of config nodes. No run ever enters it.
const configPartition = "config"

func (j *joins) find(key string) string {
	for {
		up, ok := j.parent[key]
		if !ok || up == key {
			return key
		}
		key = up
	}
}

// union joins two sets under the smaller of their names, so that the order of
// the calls does not matter.
func (j *joins) union(a, b string) {
	a, b = j.find(a), j.find(b)
	j.parent[max(a, b)] = min(a, b)
}

// tabOf gives the tab that a node stands in, through all subflow instances.
func tabOf(n *flow.Node) *flow.Flow {
	f := n.Flow
	if f == nil {
		return &flow.Flow{}
	}
	for f.Parent != nil {
		f = f.Parent
	}
	return f
}
