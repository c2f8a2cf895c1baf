package flow

import "toban/internal/locale"

// block keeps a flow, and the tab that it stands in, from starting.
func (b *builder) block(flow *Flow, err error, r *raw) {
	root := flow.root()
	if !b.tooMany[root] {
		b.tooMany[root] = true
		b.report(r, err, false)
	}
	root.Blocked = locale.EN.Err(err)
}

func (b *builder) blocked(flow *Flow) bool { return flow.root().Blocked != "" }

// root is the tab (or the global flow) that a flow stands in.
func (f *Flow) root() *Flow {
	for f.Parent != nil {
		f = f.Parent
	}
	return f
}

// dropBlocked leaves out the nodes of flows that don't start. The config nodes
// of the global flow run anyway: they serve all tabs.
func (b *builder) dropBlocked() {
	kept := b.list[:0]
	for _, d := range b.list {
		if b.blocked(d.Flow) && !(d.Config && d.Flow.ID == "") {
			b.graph.blocked[d.ID] = d.Node
			delete(b.drafts, d.ID)
			continue
		}
		b.graph.Nodes[d.ID] = d.Node
		kept = append(kept, d)
	}
	b.list = kept
	for _, f := range b.graph.Flows {
		f.Blocked = f.root().Blocked
	}
}

// resolveWires turns ids into nodes. A wire to a node that doesn't run is
// ignored; one to a node that the file doesn't have is worth a warning.
func (b *builder) resolveWires() {
	for _, d := range b.list {
		d.Wires = make([][]*Node, len(d.wires))
		for port, ids := range d.wires {
			for _, id := range ids {
				if target := b.drafts[id]; target != nil {
					d.Wires[port] = append(d.Wires[port], target.Node)
				} else if !b.inFile(d, id) {
					b.warn(d.raw, locale.Errorf("flow.dead_wire", "node", d.raw.label(), "target", id))
				}
			}
		}
	}
}

// inFile reports whether id names a node that exists but doesn't run.
func (b *builder) inFile(d *draft, id string) bool {
	if b.sorted.nodes[id] != nil || b.graph.blocked[id] != nil {
		return true
	}
	for f := d.Flow; f.Parent != nil; f = f.Parent {
		prefix := f.ID + "-"
		if len(id) > len(prefix) && id[:len(prefix)] == prefix && b.sorted.nodes[id[len(prefix):]] != nil {
			return true
		}
	}
	return false
}
