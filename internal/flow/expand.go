package flow

import (
	"slices"

	"toban/internal/locale"
	"toban/internal/message"
)

// expansion is a container whose nodes are to be made: a tab, or a subflow
// definition for one instance.
type expansion struct {
	flow      *Flow
	container *container
	rename    func(id string) string // id in the file to id in the graph
	instance  *draft                 // of a subflow
}

// expandAll makes the nodes of all queued containers. Instances found on the
// way are queued behind them, so wires that end at an instance are complete
// before the instance is opened.
func (b *builder) expandAll() {
	b.tooMany = map[*Flow]bool{}
	for len(b.queue) > 0 {
		e := b.queue[0]
		b.queue = b.queue[1:]
		if b.blocked(e.flow) && e.flow.Parent != nil {
			continue
		}
		b.expand(e)
	}
}

func (b *builder) expand(e *expansion) {
	var instances []*draft
	for _, r := range e.container.nodes {
		if r.off || !b.opts.Types.Known(r.typ) && (r.subflow() == "" || b.sorted.defs[r.subflow()] == nil) {
			continue
		}
		if len(b.list) >= MaxNodes {
			b.block(e.flow, locale.Errorf("flow.too_many", "count", len(b.list)+1, "max", MaxNodes), r)
			return
		}
		if b.drafts[e.rename(r.id)] != nil { // the id of a copy in an instance
			b.warn(r, locale.Errorf("flow.duplicate_id", "type", r.typ, "id", e.rename(r.id)))
			continue
		}
		d := b.addNode(e, r)
		if r.subflow() != "" {
			instances = append(instances, d)
		}
	}
	if e.instance != nil {
		b.wirePorts(e)
	}
	if b.blocked(e.flow) {
		return // a circle of subflows has no end
	}
	if e.flow.depth() > maxSubflowDepth {
		b.block(e.flow, locale.Errorf("flow.subflow_depth", "node", e.instance.raw.label(), "max", maxSubflowDepth), e.instance.raw)
		return
	}
	for _, d := range instances {
		b.queue = append(b.queue, b.open(d, b.sorted.defs[d.raw.subflow()]))
	}
}

// maxSubflowDepth bounds instances within instances, whose ids grow with each level.
const maxSubflowDepth = 50

func (f *Flow) depth() int {
	n := 0
	for ; f.Parent != nil; f = f.Parent {
		n++
	}
	return n
}

func (b *builder) addNode(e *expansion, r *raw) *draft {
	n := &Node{
		ID: e.rename(r.id), Type: r.typ, Impl: r.typ, Name: r.obj.Text("name"), Flow: e.flow,
		Config: r.config, Path: e.flow.Path + "/" + r.id,
	}
	props := r.obj.Without("credentials")
	if e.instance != nil {
		n.Alias = r.id
		props = b.remap(e, r, props)
	}
	if r.g != "" {
		n.Group = e.rename(r.g)
	}
	if r.subflow() != "" {
		n.Impl = "subflow"
	}
	d := &draft{Node: n, raw: r, wires: make([][]string, len(r.wires)), refs: references(props)}
	n.Props = props
	if r.subflow() == "" {
		n.Props = substituteProps(props, n.Getenv)
		n.Name = n.Props.Text("name")
	}
	for i, port := range r.wires {
		for _, id := range port {
			d.wires[i] = append(d.wires[i], e.rename(id))
		}
	}
	b.drafts[n.ID] = d
	b.list = append(b.list, d)
	return d
}

// structural properties place a node; they hold ids, never variables.
var structural = []string{"id", "type", "z", "g", "x", "y", "wires", "d"}

func substituteProps(props *message.Object, getenv Getenv) *message.Object {
	out := props
	for name, v := range props.All() {
		if slices.Contains(structural, name) {
			continue
		}
		if sub := substitute(v, getenv); !same(sub, v) {
			out = out.With(name, sub)
		}
	}
	return out
}

// remap makes the properties of a copy inside a subflow instance name the
// copies: whole-text properties that are the id of a node of the definition,
// and the lists of ids that catch, complete, status and link nodes keep.
func (b *builder) remap(e *expansion, r *raw, props *message.Object) *message.Object {
	inside := func(id string) bool {
		n := b.sorted.nodes[id]
		return n != nil && n.z == e.container.id || e.container.groups[id] != nil
	}
	out := props
	for name, v := range props.All() {
		switch v := v.(type) {
		case string:
			if inside(v) && name != "type" && name != "z" {
				out = out.With(name, e.rename(v))
			}
		case *message.Array:
			if name == "scope" || name == "links" {
				out = out.With(name, renameList(v, inside, e.rename))
			}
		}
	}
	return out.With("z", e.flow.ID).With("_alias", r.id)
}

func renameList(list *message.Array, inside func(string) bool, rename func(string) string) *message.Array {
	items := make([]message.Value, list.Len())
	for i, item := range list.All() {
		items[i] = item
		if id, ok := item.(string); ok && inside(id) {
			items[i] = rename(id)
		}
	}
	return message.NewArray(items...)
}

// references are the ids that whole-text properties may name.
func references(props *message.Object) []string {
	var refs []string
	for name, v := range props.All() {
		if text, ok := v.(string); ok && text != "" && name != "id" && name != "z" && name != "type" && name != "_alias" && !slices.Contains(refs, text) {
			refs = append(refs, text)
		}
	}
	return refs
}
