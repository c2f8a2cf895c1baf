package flow

import "cmp"

// Where says to a person where a node stands: its tab, and the subflows' instances
// in it on the way to the node. It is "" for what stands on no tab.
func (n *Node) Where() string {
	place := ""
	for f := n.Flow; f != nil && f.ID != ""; f = f.Parent {
		name := cmp.Or(f.Label, f.ID)
		if f.Instance != nil {
			name = cmp.Or(f.Instance.Name, name)
		}
		if place != "" {
			name += " › " + place
		}
		place = name
	}
	return place
}
