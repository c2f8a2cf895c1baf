package flow

import "slices"

// wireLinks gives each link out node wires to the link in nodes that it is
// linked with. A link may be written at either end.
func (s *sorted) wireLinks() {
	targets := map[string][]string{} // by link out
	add := func(out, in string) {
		if !slices.Contains(targets[out], in) {
			targets[out] = append(targets[out], in)
		}
	}
	s.eachNode(func(r *raw) {
		for _, id := range readIDs(r.obj.Get("links")) {
			switch r.typ {
			case "link in":
				add(id, r.id)
			case "link out":
				add(r.id, id)
			}
		}
	})
	s.eachNode(func(r *raw) {
		if r.typ != "link out" {
			return
		}
		r.wires = nil
		if r.obj.Text("mode") != "return" && len(targets[r.id]) > 0 {
			r.wires = [][]string{targets[r.id]}
		}
	})
}

// eachNode visits every node of the file, container by container.
func (s *sorted) eachNode(visit func(*raw)) {
	for _, c := range s.containers() {
		for _, r := range c.nodes {
			visit(r)
		}
	}
}
