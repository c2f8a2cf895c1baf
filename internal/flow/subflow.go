package flow

import (
	"toban/internal/locale"
	"toban/internal/message"
)

// open makes the private flow of a subflow instance, with its environment: the
// definition's defaults, overridden by the instance's own.
func (b *builder) open(d *draft, def *container) *expansion {
	id := d.ID
	flow := &Flow{
		ID: id, Label: d.Name, Parent: d.Flow, Instance: d.Node, Path: d.Path,
		Env: mergeEnv(readEnv(def.obj), readEnv(d.raw.obj)), Blocked: d.Flow.Blocked, def: def.obj,
	}
	flow.scope = scope{parent: d.Node.scope(), builtin: map[string]message.Value{
		"NR_NODE_ID": id, "NR_SUBFLOW_ID": id, "NR_NODE_NAME": d.Name, "NR_SUBFLOW_NAME": d.Name,
		"NR_NODE_PATH": d.Path, "NR_SUBFLOW_PATH": d.Path,
	}}
	b.evaluate(&flow.scope, flow.Env, func(name string) message.Value {
		if v := b.opts.credential(d.raw.id, name); v != nil {
			return v
		}
		return b.opts.credential(def.id, name)
	}, d.raw)
	b.graph.Flows[id] = flow
	rename := func(inner string) string { return id + "-" + inner }
	b.addGroups(flow, def, rename)
	return &expansion{flow: flow, container: def, rename: rename, instance: d}
}

// wirePorts joins the inside of a subflow instance with its outside: the
// instance's own wires lead to what the input is wired to, and the nodes that an
// output is wired to get the instance's outer wires added.
func (b *builder) wirePorts(e *expansion) {
	def, d := e.container, e.instance
	outer := d.wires
	d.wires = nil
	for i, in := range ports(def.obj, "in") {
		for _, w := range in {
			b.addWires(d, i, []string{e.rename(w.id)})
		}
	}
	for i, out := range ports(def.obj, "out") {
		if i < len(outer) {
			b.wireOutput(e, out, outer[i])
		}
	}
	if status, ok := def.obj.Get("status").(*message.Object); ok {
		n := b.addStatusOutput(e)
		b.wireOutput(e, readPort(status), []string{n.ID})
	}
}

// wireOutput leads what feeds an output of the definition on to targets.
func (b *builder) wireOutput(e *expansion, feeds []outerWire, targets []string) {
	for _, w := range feeds {
		if w.id == e.container.id { // the input is wired straight to the output
			b.addWires(e.instance, w.port, targets)
			continue
		}
		if inner := b.drafts[e.rename(w.id)]; inner != nil {
			b.addWires(inner, w.port, targets)
			continue
		}
		if b.sorted.nodes[w.id] == nil {
			b.warn(e.instance.raw, locale.Errorf("flow.dead_wire", "node", subflowName(e.container), "target", w.id))
		}
	}
}

func (b *builder) addWires(d *draft, port int, targets []string) {
	for len(d.wires) <= port {
		d.wires = append(d.wires, nil)
	}
	d.wires[port] = append(d.wires[port], targets...)
}

// addStatusOutput makes the node behind a subflow's status output: what it
// receives becomes the status of the instance.
func (b *builder) addStatusOutput(e *expansion) *Node {
	n := &Node{
		ID: e.flow.ID + ":status", Type: "subflow-status", Impl: "subflow-status", Flow: e.flow,
		StatusOf: e.instance.Node, Path: e.flow.Path + ":status",
	}
	n.Props = message.NewObject("id", n.ID, "type", n.Type, "z", e.flow.ID)
	d := &draft{Node: n, raw: &raw{id: n.ID, typ: n.Type, z: e.flow.ID, obj: n.Props}}
	b.drafts[n.ID] = d
	b.list = append(b.list, d)
	return n
}

// ports reads the in or out list of a subflow definition.
func ports(def *message.Object, name string) [][]outerWire {
	list, _ := def.Get(name).(*message.Array)
	if list == nil {
		return nil
	}
	all := make([][]outerWire, list.Len())
	for i, p := range list.All() {
		all[i] = readPort(p)
	}
	return all
}
