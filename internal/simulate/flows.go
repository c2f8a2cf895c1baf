package simulate

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"

	"toban/internal/flow"
	"toban/internal/node"
)

// plan is a flow file as the history made it, from which it makes the next.
type plan struct {
	tabs []string
	// node are the nodes in the order of the file. A wire leads to a later node
	// of the tab, so that nothing goes round but what a catch node sends back.
	node []*spec
	last int // number of the newest node
}

type spec struct {
	id, typ, tab string
	props        map[string]any
	wires        [][]string
}

// newPlan makes a flow file of one to three tabs.
func newPlan(r *rand.Rand) *plan {
	p := &plan{}
	for i := range 1 + r.IntN(3) {
		p.newTab(r, fmt.Sprintf("t%d", i+1))
	}
	if len(p.tabs) > 1 && r.IntN(3) == 0 {
		p.join(r)
	}
	return p
}

func (p *plan) newTab(r *rand.Rand, tab string) {
	p.tabs = append(p.tabs, tab)
	p.add("mails", tab, 1)
	for range 1 + r.IntN(5) {
		p.random(r, tab)
	}
	p.add("end", tab, 0)
	if r.IntN(2) == 0 {
		p.listener(r, "catch", tab)
	}
	for _, typ := range []string{"complete", "status"} {
		if r.IntN(6) == 0 {
			p.listener(r, typ, tab)
		}
	}
	for _, s := range p.node {
		if s.tab == tab {
			p.wire(r, s)
		}
	}
}

// add puts a node at the end of the file.
func (p *plan) add(typ, tab string, ports int) *spec {
	p.last++
	s := &spec{id: fmt.Sprintf("%s.%s%d", tab, typ, p.last), typ: typ, tab: tab, props: map[string]any{}, wires: make([][]string, ports)}
	p.node = append(p.node, s)
	return s
}

// random adds a node of any type.
func (p *plan) random(r *rand.Rand, tab string) *spec {
	typ := pick(r, "act", "act", "act", "act", "ask", "ask", "hold", "gather", "count", "count", "fan", "switch", "pass", "slow", "throw")
	ports := 1
	if typ == "switch" {
		ports = 2
	}
	s := p.add(typ, tab, ports)
	s.configure(r)
	return s
}

// configure chooses the properties of a node.
func (s *spec) configure(r *rand.Rand) {
	switch s.typ {
	case "act":
		s.props["policy"] = pick(r, "once", "once", "repeat", "observe")
		s.props["resource"] = pick(r, "", "host1", "host2")
		s.props["serial"] = r.IntN(4) == 0
		s.props["local"] = r.IntN(12) == 0
	case "ask":
		s.props["minutes"] = pick(r, 1, 5, 60)
		s.props["approvers"] = pick(r, []string{}, []string{"U1"}, []string{"U1", "U2"})
	case "hold":
		s.props["seconds"] = pick(r, 1, 5, 90)
	case "gather":
		s.props["seconds"] = pick(r, 5, 60)
	case "slow":
		s.props["early"] = r.IntN(2) == 0
	case "throw":
		s.props["always"] = r.IntN(3) == 0
	}
}

// listener adds a catch, complete or status node.
func (p *plan) listener(r *rand.Rand, typ, tab string) {
	var scope any
	var near []string
	for _, s := range p.node {
		if s.tab == tab && s.typ != "end" && s.typ != "mails" {
			near = append(near, s.id)
		}
	}
	if len(near) > 0 && (typ != "catch" || r.IntN(2) == 0) {
		scope = []string{pick(r, near...)}
	}
	s := p.add(typ, tab, 1)
	s.props["scope"] = scope
}

// wire chooses where the ports of a node lead.
func (p *plan) wire(r *rand.Rand, s *spec) {
	after := p.after(s)
	for port := range s.wires {
		s.wires[port] = nil
		for range 1 + r.IntN(10)/7 {
			if len(after) == 0 {
				break
			}
			if to := pick(r, after[:min(3, len(after))]...); !slices.Contains(s.wires[port], to) {
				s.wires[port] = append(s.wires[port], to)
			}
		}
	}
}

// after lists the nodes that s may send to.
func (p *plan) after(s *spec) []string {
	var after []string
	i := slices.Index(p.node, s)
	back := s.typ == "catch"
	for j, to := range p.node {
		if to.tab != s.tab || to.typ == "mails" || to.typ == "catch" || to.typ == "complete" || to.typ == "status" || to == s {
			continue
		}
		switch {
		case back && (to.typ == "end" || to.typ == "throw" && scoped(s, to.id)):
			after = append(after, to.id)
		case !back && (j > i || to.typ == "end"):
			after = append(after, to.id)
		}
	}
	return after
}

func scoped(s *spec, id string) bool {
	scope, _ := s.props["scope"].([]string)
	return len(scope) > 0 && scope[0] == id
}

// join links two tabs, which makes one partition of theirs.
func (p *plan) join(r *rand.Rand) {
	from, to := p.tabs[0], pick(r, p.tabs[1:]...)
	in := p.add("link in", to, 1)
	in.wires[0] = []string{p.end(to)}
	out := p.add("link out", from, 0)
	out.props["mode"], out.props["links"] = "link", []string{in.id}
	in.props["links"] = []string{out.id}
	for _, s := range p.node {
		if s.tab == from && s.typ == "mails" {
			s.wires[0] = append(s.wires[0], out.id)
		}
	}
}

func (p *plan) end(tab string) string {
	for _, s := range p.node {
		if s.tab == tab && s.typ == "end" {
			return s.id
		}
	}
	return ""
}

// changed makes another plan with one or two changes, or with none.
func (p *plan) changed(r *rand.Rand) *plan {
	next := &plan{tabs: p.tabs, last: p.last}
	for _, s := range p.node {
		c := *s
		c.props, c.wires = maps.Clone(s.props), make([][]string, len(s.wires))
		for i, w := range s.wires {
			c.wires[i] = slices.Clone(w)
		}
		next.node = append(next.node, &c)
	}
	for range r.IntN(4) {
		next.edit(r)
	}
	return next
}

func (p *plan) edit(r *rand.Rand) {
	s := pick(r, p.node...)
	switch r.IntN(6) {
	case 0:
		s.configure(r)
	case 1:
		if s.typ != "link in" && s.typ != "link out" {
			p.wire(r, s)
		}
	case 2:
		p.remove(s)
	case 3:
		made := p.random(r, s.tab)
		p.wire(r, made)
		if len(s.wires) > 0 && s.typ != "catch" && s.typ != "link in" {
			s.wires[0] = append(s.wires[0], made.id)
		}
	default:
		if len(p.tabs) > 1 {
			p.join(r)
		}
	}
}

// remove takes a node away, and the wires to it.
func (p *plan) remove(s *spec) {
	if s.typ == "mails" || s.typ == "end" {
		return
	}
	p.node = slices.DeleteFunc(p.node, func(o *spec) bool { return o == s })
	gone := func(id string) bool { return id == s.id }
	for _, o := range p.node {
		for i := range o.wires {
			o.wires[i] = slices.DeleteFunc(o.wires[i], gone)
		}
		for _, list := range []string{"links", "scope"} {
			if ids, ok := o.props[list].([]string); ok {
				o.props[list] = slices.DeleteFunc(slices.Clone(ids), gone)
			}
		}
	}
}

// sources lists the mailboxes, nodes all that a button may press.
func (p *plan) sources() (ids []string) {
	for _, s := range p.node {
		if s.typ == "mails" {
			ids = append(ids, s.id)
		}
	}
	return ids
}

func (p *plan) nodes() (ids []string) {
	for _, s := range p.node {
		if s.typ != "mails" && s.typ != "link out" {
			ids = append(ids, s.id)
		}
	}
	return ids
}

// file is the plan as a flow file.
func (p *plan) file() string {
	var list []map[string]any
	for _, tab := range p.tabs {
		list = append(list, map[string]any{"id": tab, "type": "tab", "label": tab})
	}
	for _, s := range p.node {
		n := maps.Clone(s.props)
		n["id"], n["type"], n["z"], n["name"], n["wires"] = s.id, s.typ, s.tab, "", s.wires
		list = append(list, n)
	}
	text, err := json.Marshal(list)
	if err != nil {
		panic(err) // texts, numbers and lists
	}
	return string(text)
}

// graph builds a flow file, once.
func (h *history) graph(file string) *flow.Graph {
	h.mu.Lock()
	defer h.mu.Unlock()
	if g := h.files[file]; g != nil {
		return g
	}
	f, err := flow.Parse([]byte(file))
	if err != nil {
		panic(err) // of our own making
	}
	g := flow.Build(f, flow.Options{Types: knownTypes})
	h.files[file], h.graphs[g.Revision] = g, g
	return g
}

// knownTypes names the types for the builder; nodes are made by the process that runs.
var knownTypes flow.Types = (&process{}).types()

var _ flow.Types = (*node.Registry)(nil)
