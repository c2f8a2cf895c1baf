package flow

import (
	"maps"
	"slices"

	"toban/internal/locale"
	"toban/internal/message"
)

// containers lists the global flow, the tabs and the subflow definitions.
func (s *sorted) containers() []*container {
	all := append([]*container{s.global}, s.tabs...)
	for _, id := range slices.Sorted(maps.Keys(s.defs)) {
		all = append(all, s.defs[id])
	}
	return all
}

// blocks says why a container can't run.
type blocks struct {
	b       *builder
	s       *sorted
	reasons map[string]error // by container id; nil while and after a visit without a reason
	open    map[string]bool
}

// findBlocked reports every node that can't run, and gives the reason for each
// container that therefore doesn't start: an unknown type in it or in a subflow
// that it uses, an unknown config node that it refers to, a cycle of subflows.
func (b *builder) findBlocked(s *sorted) map[string]error {
	w := &blocks{b: b, s: s, reasons: map[string]error{}, open: map[string]bool{}}
	for _, c := range s.containers() {
		_ = w.visit(c) // the reason is kept
	}
	return w.reasons
}

func (w *blocks) visit(c *container) error {
	if reason, done := w.reasons[c.id]; done {
		return reason
	}
	w.open[c.id] = true
	var reason error
	for _, r := range c.nodes {
		if err := w.node(c, r); err != nil && reason == nil && !r.off {
			reason = err
		}
	}
	w.open[c.id] = false
	w.reasons[c.id] = reason
	return reason
}

// node gives the reason why r keeps its container from starting, if it does.
func (w *blocks) node(c *container, r *raw) error {
	if def := r.subflow(); def != "" && w.s.defs[def] != nil {
		return w.instance(r, w.s.defs[def])
	}
	if !w.b.opts.Types.Known(r.typ) {
		err := locale.Errorf("flow.unknown_type", "type", r.typ, "node", r.label())
		// A global config node stops only who refers to it.
		global := c == w.s.global && r.config
		w.b.report(r, err, r.off || c.disabled() || global)
		if global {
			return nil
		}
		return err
	}
	return w.unknownConfig(r)
}

func (w *blocks) instance(r *raw, def *container) error {
	if w.open[def.id] {
		err := locale.Errorf("flow.subflow_cycle", "subflow", subflowName(def), "node", r.label())
		w.b.report(r, err, false)
		return err
	}
	return w.visit(def)
}

// unknownConfig finds a global config node of unknown type that r refers to.
func (w *blocks) unknownConfig(r *raw) error {
	for name, v := range r.obj.All() {
		id, ok := v.(string)
		if !ok || name == "id" || name == "z" {
			continue
		}
		c := w.s.nodes[id]
		if c != nil && c.z != r.z && c.config && !c.off && !w.b.opts.Types.Known(c.typ) {
			err := locale.Errorf("flow.unknown_config", "type", c.typ, "config", c.label(), "node", r.label())
			w.b.report(r, err, r.off)
			return err
		}
	}
	return nil
}

func (r *raw) label() string { return label(r.obj) }

// label names a node for a person: its name, else its type and id.
func label(obj *message.Object) string {
	if name := obj.Text("name"); name != "" {
		return name
	}
	return obj.Text("type") + " " + obj.Text("id")
}

func subflowName(def *container) string {
	if name := def.obj.Text("name"); name != "" {
		return name
	}
	return def.id
}
