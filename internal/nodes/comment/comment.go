package comment

import "toban/internal/node"

// Comment does nothing.
type Comment struct{}

// Register adds the type to a registry.
func Register(r *node.Registry) {
	r.Add(node.Type{Name: "comment", New: func() node.Node { return &Comment{} }})
}
