package flow

import "slices"

// spreadToUsers marks what refers to a config node that changed, and on from there.
func (d *differ) spreadToUsers() {
	var queue []*Node
	push := func(g *Graph) {
		for _, n := range g.Nodes {
			if n.Config && d.changed[n.unit()] {
				queue = append(queue, n)
			}
		}
	}
	push(d.old)
	push(d.new)
	for len(queue) > 0 {
		n := queue[0]
		queue = queue[1:]
		for _, user := range n.Users {
			if unit := user.unit(); !d.changed[unit] {
				d.changed[unit] = true
				queue = append(queue, user)
			}
		}
	}
}

// linked gives the changed and rewired units with everything that is, or was,
// wired to them over any number of wires. Link nodes are ends: their wires are
// not drawn.
func (d *differ) linked() map[string]bool {
	next := map[string][]string{}
	for _, g := range []*Graph{d.old, d.new} {
		for _, n := range g.Nodes {
			if n.Type == "link out" {
				continue
			}
			from := n.unit()
			for _, target := range slices.Concat(n.Wires...) {
				to := target.unit()
				next[from] = append(next[from], to)
				next[to] = append(next[to], from)
			}
		}
	}
	reached := map[string]bool{}
	var queue []string
	visit := func(unit string) {
		if !reached[unit] {
			reached[unit] = true
			queue = append(queue, unit)
		}
	}
	for unit := range d.changed {
		visit(unit)
	}
	for unit := range d.rewired {
		visit(unit)
	}
	for len(queue) > 0 {
		unit := queue[0]
		queue = queue[1:]
		for _, to := range next[unit] {
			visit(to)
		}
	}
	return reached
}

// result lists what happens to each node, given the units that restart.
func (d *differ) result(restarts func(unit string) bool) Change {
	c := Change{Removed: map[string]bool{}}
	stopped := func(n *Node) bool { return d.new.Nodes[n.ID] == nil || restarts(n.unit()) }
	for _, n := range slices.Backward(d.old.Order) {
		if !stopped(n) {
			continue
		}
		c.Stop = append(c.Stop, n.ID)
		if d.new.Nodes[n.ID] == nil && d.new.blocked[n.unit()] == nil {
			c.Removed[n.ID] = true
		}
	}
	for _, n := range d.new.Order {
		before := d.old.Nodes[n.ID]
		if before == nil || stopped(before) {
			c.Start = append(c.Start, n.ID)
			continue
		}
		c.Keep = append(c.Keep, n.ID)
		if d.rewired[n.ID] {
			c.Rewired = append(c.Rewired, n.ID)
		}
	}
	return c
}
