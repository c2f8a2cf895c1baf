package flow

import "toban/internal/message"

// Mode says how much a deploy restarts, by the names of Node-RED's
// Node-RED-Deployment-Type header.
type Mode string

// The modes. Full restarts everything. Flows restarts the nodes that changed,
// those rewired, and everything that is wired to these. Nodes restarts only
// the nodes that changed; wires change while the others run on.
const (
	Full  Mode = "full"
	Flows Mode = "flows"
	Nodes Mode = "nodes"
)

// Change is what a deploy does to running nodes. Ids are expanded ones.
type Change struct {
	Stop    []string        // of the old graph, in the reverse order of their start
	Removed map[string]bool // of Stop: deleted or disabled, so that what they keep goes too
	Start   []string        // of the new graph, in the order of their start
	Keep    []string        // run on, with the wires of the new graph
	Rewired []string        // of Keep: those whose wires changed
}

// Diff compares two graphs as Node-RED's deploy does. touched are ids in the
// file whose credentials changed. A nil old graph starts everything.
//
// A node counts as changed if any property but its place and wires changed, or
// a config node that it refers to, or a group around it, or the environment of
// its tab. A subflow instance changes as a whole. A change of the global-config
// environment restarts everything.
func Diff(old, new *Graph, mode Mode, touched ...string) Change {
	d := &differ{old: old, new: new, touched: map[string]bool{}, changed: map[string]bool{}, rewired: map[string]bool{}}
	if old == nil {
		d.old = &Graph{}
	}
	for _, id := range touched {
		d.touched[id] = true
	}
	if old == nil || mode != Flows && mode != Nodes || !sameEnv(old.Flows[""], new.Flows[""]) {
		return d.result(func(string) bool { return true })
	}
	d.compare()
	d.spreadToUsers()
	restart := d.changed
	if mode == Flows {
		restart = d.linked()
	}
	return d.result(func(unit string) bool { return restart[unit] })
}

// differ works on units: nodes of tabs, where a subflow instance with all of
// its inside is one unit under the id of the instance's node.
type differ struct {
	old, new         *Graph
	touched          map[string]bool
	changed, rewired map[string]bool // by unit; changed includes added and removed
}

// unit gives the unit that a node belongs to.
func (n *Node) unit() string {
	id := n.ID
	for f := n.Flow; f.Parent != nil; f = f.Parent {
		id = f.ID
	}
	return id
}

func (d *differ) compare() {
	for id, before := range d.old.Nodes {
		after := d.new.Nodes[id]
		if after == nil || d.differs(before, after) {
			d.changed[before.unit()] = true
			continue
		}
		inside := before.Flow.Parent != nil
		if !message.Equal(before.Props.Get("wires"), after.Props.Get("wires")) {
			if inside {
				d.changed[before.unit()] = true
			} else {
				d.rewired[id] = true
			}
		}
	}
	for id, n := range d.new.Nodes {
		if d.old.Nodes[id] == nil {
			d.changed[n.unit()] = true
		}
	}
}

func (d *differ) differs(before, after *Node) bool {
	return d.touched[after.ID] || d.touched[after.Alias] ||
		!sameProps(before.Props, after.Props, "x", "y", "wires") ||
		!sameGroups(before, after) ||
		!sameFlow(before.Flow, after.Flow)
}

// sameFlow compares what a flow gives its nodes: environment, and of a subflow its ports.
func sameFlow(before, after *Flow) bool {
	if !sameEnv(before, after) {
		return false
	}
	if after.def == nil || before.def == nil {
		return after.def == before.def
	}
	for _, name := range []string{"in", "out", "status"} {
		if !sameFeeds(before.def.Get(name), after.def.Get(name)) {
			return false
		}
	}
	return true
}

// sameFeeds compares ports without their place on the canvas.
func sameFeeds(before, after message.Value) bool {
	switch before := before.(type) {
	case *message.Array:
		after, ok := after.(*message.Array)
		if !ok || before.Len() != after.Len() {
			return false
		}
		for i, port := range before.All() {
			if !sameFeeds(port, after.At(i)) {
				return false
			}
		}
		return true
	case *message.Object:
		after, ok := after.(*message.Object)
		return ok && message.Equal(before.Get("wires"), after.Get("wires"))
	}
	return message.Equal(before, after)
}

func sameEnv(before, after *Flow) bool {
	if before == nil || after == nil || len(before.Env) != len(after.Env) {
		return before == after
	}
	for i, v := range before.Env {
		w := after.Env[i]
		if v.Name != w.Name || v.Type != w.Type || !message.Equal(v.Value, w.Value) {
			return false
		}
	}
	return true
}

func sameGroups(before, after *Node) bool {
	a, b := before.Flow.Groups[before.Group], after.Flow.Groups[after.Group]
	for ; a != nil && b != nil; a, b = a.Parent, b.Parent {
		if !sameProps(a.config, b.config, "x", "y", "w", "h", "nodes", "style") {
			return false
		}
	}
	return a == nil && b == nil
}

// sameProps compares two objects, some names left aside.
func sameProps(before, after *message.Object, aside ...string) bool {
	for _, name := range aside {
		before, after = before.Without(name), after.Without(name)
	}
	if before.Len() != after.Len() {
		return false
	}
	for name, v := range before.All() {
		w, ok := after.Lookup(name)
		if !ok || !message.Equal(v, w) {
			return false
		}
	}
	return true
}
