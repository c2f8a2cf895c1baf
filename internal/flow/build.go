package flow

import (
	"maps"
	"slices"

	"toban/internal/locale"
	"toban/internal/message"
)

// Build makes the graph of a flow file. It always succeeds: what is wrong is
// in Graph.Problems, and tabs that can't start are blocked while others run.
func Build(file *File, opts Options) *Graph {
	b := &builder{opts: opts, graph: &Graph{
		Revision: file.Revision(),
		Flows:    map[string]*Flow{},
		Nodes:    map[string]*Node{},
		blocked:  map[string]*Node{},
	}, drafts: map[string]*draft{}}
	s := b.sortNodes(file)
	s.wireLinks()
	b.sorted, b.reasons = s, b.findBlocked(s)

	global := b.addGlobal()
	for _, c := range s.tabs {
		b.addTab(c, global)
	}
	b.expandAll()
	b.dropBlocked()
	b.resolveWires()
	b.findUsers()
	b.order()
	b.resolveScopes()
	b.partition()
	return b.graph
}

type builder struct {
	opts    Options
	graph   *Graph
	sorted  *sorted
	reasons map[string]error // why containers are blocked
	drafts  map[string]*draft
	list    []*draft // in the order of the file, instances expanded in their place
	queue   []*expansion
	tooMany map[*Flow]bool
}

// draft is a node that is being built.
type draft struct {
	*Node
	raw   *raw
	wires [][]string // expanded ids, subflow outputs added
	refs  []string   // ids that its properties may name
}

func (b *builder) report(r *raw, err error, warning bool) {
	p := Problem{Err: err, Warning: warning}
	if r != nil {
		p.Node, p.Type, p.Name, p.Flow = r.id, r.typ, r.obj.Text("name"), r.z
	}
	b.graph.Problems = append(b.graph.Problems, p)
}

func (b *builder) warn(r *raw, err error) { b.report(r, err, true) }

// addGlobal makes the global flow, whose environment is that of global-config nodes.
func (b *builder) addGlobal() *Flow {
	c := b.sorted.global
	flow := &Flow{Path: "global", scope: scope{process: b.opts.environ}}
	for _, r := range c.nodes {
		if r.typ == "global-config" && !r.off {
			vars := readEnv(r.obj)
			flow.Env = append(flow.Env, vars...)
			b.evaluate(&flow.scope, vars, b.credentialsOf(r.id), r)
		}
	}
	b.addFlow(flow, c)
	return flow
}

func (b *builder) addTab(c *container, global *Flow) {
	flow := &Flow{ID: c.id, Label: c.label(), Path: c.id, Disabled: c.disabled()}
	flow.scope = scope{parent: &global.scope, builtin: map[string]message.Value{
		"NR_FLOW_ID": c.id, "NR_FLOW_NAME": c.label(),
	}}
	if c.obj != nil {
		flow.Env = readEnv(c.obj)
	}
	b.evaluate(&flow.scope, flow.Env, b.credentialsOf(c.id), tabRaw(c))
	b.addFlow(flow, c)
}

func (b *builder) credentialsOf(id string) func(string) message.Value {
	return func(name string) message.Value { return b.opts.credential(id, name) }
}

func tabRaw(c *container) *raw {
	obj := c.obj
	if obj == nil {
		obj = message.NewObject()
	}
	return &raw{id: c.id, typ: "tab", z: c.id, obj: obj}
}

// addFlow registers a tab or the global flow and queues its nodes.
func (b *builder) addFlow(flow *Flow, c *container) {
	if reason := b.reasons[c.id]; reason != nil {
		flow.Blocked = locale.EN.Err(reason)
	}
	b.graph.Flows[flow.ID] = flow
	b.addGroups(flow, c, asIs)
	if !flow.Disabled {
		b.queue = append(b.queue, &expansion{flow: flow, container: c, rename: asIs})
	}
}

func asIs(id string) string { return id }

// addGroups makes the groups of a container, outer ones first.
func (b *builder) addGroups(flow *Flow, c *container, rename func(string) string) {
	flow.Groups = map[string]*Group{}
	begun := map[string]bool{} // also cuts circles of groups within each other
	var add func(obj *message.Object)
	add = func(obj *message.Object) {
		begun[obj.Text("id")] = true
		if outer := c.groups[obj.Text("g")]; outer != nil && !begun[outer.Text("id")] {
			add(outer)
		}
		b.addGroup(flow, obj, rename)
	}
	for _, id := range slices.Sorted(maps.Keys(c.groups)) {
		if !begun[id] {
			add(c.groups[id])
		}
	}
}

func (b *builder) addGroup(flow *Flow, obj *message.Object, rename func(string) string) {
	g := &Group{ID: rename(obj.Text("id")), Name: obj.Text("name"), Flow: flow, Env: readEnv(obj), config: obj}
	g.scope = scope{parent: &flow.scope, builtin: map[string]message.Value{"NR_GROUP_ID": g.ID, "NR_GROUP_NAME": g.Name}}
	if outer := flow.Groups[rename(obj.Text("g"))]; outer != nil {
		g.Parent, g.scope.parent = outer, &outer.scope
	}
	b.evaluate(&g.scope, g.Env, b.credentialsOf(obj.Text("id")), &raw{id: g.ID, typ: "group", z: flow.ID, obj: obj})
	flow.Groups[g.ID] = g
}
