package flow

import (
	"cmp"
	"slices"

	"toban/internal/message"
)

// listener is a catch or status node with its scope taken apart.
type listener struct {
	node     *Node
	ids      map[string]bool // scope is a list
	scoped   bool            // scope is not null
	group    bool            // scope is "group" and the node stands in one
	uncaught bool
}

// listeners are the catch, status and complete nodes of one flow.
type listeners struct {
	catch, status []*listener
	complete      map[string][]*Node // by the id of the node that completes
}

// resolveScopes works out, once for all messages, which nodes get whose errors,
// statuses and completions. The outcome depends on the file only.
func (b *builder) resolveScopes() {
	flows := map[*Flow]*listeners{}
	statusOutput := map[*Flow]bool{}
	for _, d := range b.list {
		l := flows[d.Flow]
		if l == nil {
			l = &listeners{complete: map[string][]*Node{}}
			flows[d.Flow] = l
		}
		l.add(d.Node)
		if d.StatusOf != nil {
			statusOutput[d.Flow] = true
		}
	}
	for _, l := range flows {
		slices.SortStableFunc(l.catch, func(a, b *listener) int { return cmp.Compare(a.rank(), b.rank()) })
	}
	for _, d := range b.list {
		n := d.Node
		n.Catchers, n.Reporter = catchersOf(flows, n, n)
		n.Watchers = watchersOf(flows, statusOutput, n, n)
		if l := flows[n.Flow]; n.Impl != "subflow" {
			n.Followers = l.complete[n.ID]
		}
	}
}

func (l *listeners) add(n *Node) {
	switch n.Type {
	case "catch":
		l.catch = append(l.catch, newListener(n))
	case "status":
		l.status = append(l.status, newListener(n))
	case "complete":
		for _, id := range readIDs(n.Props.Get("scope")) {
			if !n.wiredTo(id) { // what it is wired to would run in a circle
				l.complete[id] = append(l.complete[id], n)
			}
		}
	}
}

func (n *Node) wiredTo(id string) bool {
	return slices.ContainsFunc(slices.Concat(n.Wires...), func(t *Node) bool { return t.ID == id })
}

func newListener(n *Node) *listener {
	l := &listener{node: n, uncaught: n.Props.Get("uncaught") == true}
	switch scope := n.Props.Get("scope").(type) {
	case *message.Array:
		l.scoped, l.ids = true, map[string]bool{}
		for _, id := range readIDs(scope) {
			l.ids[id] = true
		}
	case string:
		l.scoped = scope != ""
		l.group = scope == "group" && n.Group != ""
	}
	return l
}

// rank orders catch nodes: those with a scope, those for the whole flow, those
// for what nobody else caught.
func (l *listener) rank() int {
	switch {
	case l.scoped:
		return 0
	case l.uncaught:
		return 2
	}
	return 1
}

// distance counts the groups between the reporting node and the listener; ok is
// false if the listener's scope leaves the node out.
func (l *listener) distance(reporter *Node) (d int, ok bool) {
	if l.group && reporter.Group == "" || l.ids != nil && !l.ids[reporter.ID] {
		return 0, false
	}
	g := reporter.Flow.Groups[reporter.Group]
	for ; g != nil && g.ID != l.node.Group; g = g.Parent {
		d++
	}
	return d, g != nil || !l.group
}

// nearest gives the listeners that hear the reporter, by group distance.
func nearest(all []*listener, reporter *Node) []*listener {
	type candidate struct {
		*listener
		distance int
	}
	var found []candidate
	for _, l := range all {
		if d, ok := l.distance(reporter); ok {
			found = append(found, candidate{l, d})
		}
	}
	slices.SortStableFunc(found, func(a, b candidate) int { return cmp.Compare(a.distance, b.distance) })
	list := make([]*listener, len(found))
	for i, c := range found {
		list[i] = c.listener
	}
	return list
}

// catchersOf gives the catch nodes for errors of n and the node that the error
// is reported for: n, or the subflow instance from whose inside it came up.
func catchersOf(flows map[*Flow]*listeners, n, reporter *Node) ([]*Node, *Node) {
	if global(n) && len(n.Users) > 0 {
		var all []*Node
		for _, user := range n.Users {
			if !global(user) {
				found, _ := catchersOf(flows, user, user)
				all = append(all, found...)
			}
		}
		return all, reporter
	}
	for flow := n.Flow; flow != nil; flow = flow.Parent {
		if found := caught(flows[flow], reporter); len(found) > 0 {
			return found, reporter
		}
		if flow.Instance != nil {
			reporter = flow.Instance
		}
	}
	return nil, n
}

// caught applies the rule for uncaught nodes: they hear only what no node
// before them in the order took.
func caught(l *listeners, reporter *Node) []*Node {
	if l == nil {
		return nil
	}
	var found []*Node
	byUncaught := false
	for _, c := range nearest(l.catch, reporter) {
		if c.uncaught && !byUncaught {
			if len(found) > 0 {
				continue
			}
			byUncaught = true
		}
		found = append(found, c.node)
	}
	return found
}

// watchersOf gives the status nodes for statuses of n. A subflow with a status
// output keeps the statuses of its inside to itself.
func watchersOf(flows map[*Flow]*listeners, statusOutput map[*Flow]bool, n, reporter *Node) []*Node {
	if global(n) && len(n.Users) > 0 {
		var all []*Node
		for _, user := range n.Users {
			if !global(user) {
				all = append(all, watchersOf(flows, statusOutput, user, user)...)
			}
		}
		return all
	}
	for flow := n.Flow; flow != nil; flow = flow.Parent {
		if l := flows[flow]; l != nil {
			if heard := nearest(l.status, reporter); len(heard) > 0 {
				nodes := make([]*Node, len(heard))
				for i, h := range heard {
					nodes[i] = h.node
				}
				return nodes
			}
		}
		if statusOutput[flow] {
			return nil
		}
		reporter = flow.Instance
	}
	return nil
}

// global reports whether n is a global config node, whose errors and statuses
// belong to the nodes that use it.
func global(n *Node) bool { return n.Config && n.Flow.ID == "" }
