package flow

import "toban/internal/locale"

// findUsers fills Users of config nodes from the properties that name them.
func (b *builder) findUsers() {
	for _, d := range b.list {
		for _, id := range d.refs {
			if c := b.drafts[id]; c != nil && c.Config && c != d {
				c.Users = append(c.Users, d.Node)
			}
		}
	}
}

// order lists the nodes as they start: config nodes before those that refer to
// them, then the others as in the file. Config nodes in a circle start in the
// order of the file, with a problem.
func (b *builder) order() {
	const visiting, done = 1, 2
	state := map[*draft]int{}
	var visit func(d *draft)
	visit = func(d *draft) {
		state[d] = visiting
		for _, id := range d.refs {
			if other := b.drafts[id]; other != nil && other.Config && other != d {
				switch state[other] {
				case visiting:
					b.warn(d.raw, locale.Errorf("flow.config_cycle", "node", d.raw.label(), "config", other.raw.label()))
				case done:
				default:
					visit(other)
				}
			}
		}
		state[d] = done
		b.graph.Order = append(b.graph.Order, d.Node)
	}
	for _, d := range b.list {
		if d.Config && state[d] == 0 {
			visit(d)
		}
	}
	for _, d := range b.list {
		if !d.Config {
			b.graph.Order = append(b.graph.Order, d.Node)
		}
	}
}
