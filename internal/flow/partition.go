package flow

import (
	"maps"
	"slices"
	"strings"

	"toban/internal/message"
)

// globalPartition is the partition of nodes that stand in no tab.
const globalPartition = "global"

// partition gives every flow node the partition of its tab. Tabs that could see
// each other's messages or share the global context are one partition, named
// after its smallest tab id.
func (b *builder) partition() {
	u := union{}
	share := map[bool][]string{} // tabs that meet: false in the global context, true at called links
	for _, d := range b.list {
		if d.Config {
			continue
		}
		tab := tabOf(d.Node)
		for _, port := range d.Wires {
			for _, target := range port {
				u.join(tab, tabOf(target))
			}
		}
		if usesGlobal(d.Props) {
			share[false] = append(share[false], tab)
		}
		if called := b.calls(d.Node); called != nil {
			u.join(tab, tabOf(called))
		}
		if callsAnyLink(d.Node) {
			share[true] = append(share[true], tab)
		}
	}
	if len(share[true]) > 0 {
		share[true] = append(share[true], b.linkInTabs()...)
	}
	for _, tabs := range share {
		for _, tab := range tabs {
			u.join(tabs[0], tab)
		}
	}
	for _, d := range b.list {
		if !d.Config {
			d.Partition = u.root(tabOf(d.Node))
		}
	}
}

func tabOf(n *Node) string {
	if id := n.Flow.root().ID; id != "" {
		return id
	}
	return globalPartition
}

// calls gives the link in node that a link call with a fixed target calls.
func (b *builder) calls(n *Node) *Node {
	if n.Type != "link call" || n.Props.Text("linkType") == "dynamic" {
		return nil
	}
	for _, id := range readIDs(n.Props.Get("links")) {
		if d := b.drafts[id]; d != nil {
			return d.Node
		}
	}
	return nil
}

// callsAnyLink reports whether n may call a link in that only the message names.
func callsAnyLink(n *Node) bool {
	switch n.Type {
	case "link call":
		return n.Props.Text("linkType") == "dynamic"
	case "function":
		return mentions(n.Props, "linkcall")
	}
	return false
}

func (b *builder) linkInTabs() []string {
	var tabs []string
	for _, d := range b.list {
		if d.Type == "link in" {
			tabs = append(tabs, tabOf(d.Node))
		}
	}
	return tabs
}

// usesGlobal reports whether a node's properties reach for the global context:
// a typed property of type global, or code, an expression or a template that
// names it. Too many is safe, too few would not be.
func usesGlobal(props *message.Object) bool {
	if props.Text("type") == "function" {
		return mentions(props, "global")
	}
	return mentions(props, "global", "global.", "global[", "globalContext")
}

// mentions reports whether a text in v, at any depth, is exactly the first of
// words or contains one of the others (or the first, if it is the only one).
func mentions(v message.Value, words ...string) bool {
	switch v := v.(type) {
	case string:
		if len(words) == 1 {
			return strings.Contains(v, words[0])
		}
		return v == words[0] || slices.ContainsFunc(words[1:], func(w string) bool { return strings.Contains(v, w) })
	case *message.Array:
		for _, item := range v.All() {
			if mentions(item, words...) {
				return true
			}
		}
	case *message.Object:
		for name, item := range v.All() {
			if name != "info" && mentions(item, words...) {
				return true
			}
		}
	}
	return false
}

// union joins names into sets; the root of a set is its smallest name.
type union map[string]string

func (u union) root(name string) string {
	for {
		next, ok := u[name]
		if !ok || next == name {
			return name
		}
		if further, ok := u[next]; ok {
			u[name] = further // halve the way for the next one
		}
		name = next
	}
}

func (u union) join(a, b string) {
	a, b = u.root(a), u.root(b)
	if a != b {
		u[max(a, b)] = min(a, b)
	}
}

// Partitions lists the names of the graph's partitions.
func (g *Graph) Partitions() []string {
	names := map[string]bool{}
	for _, n := range g.Nodes {
		if n.Partition != "" {
			names[n.Partition] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}
