package unknown

import "toban/internal/node"

// Unknown does nothing with the messages that it gets.
type Unknown struct{}

// Register adds the type to a registry.
func Register(r *node.Registry) {
	r.Add(node.Type{Name: "unknown", New: func() node.Node { return &Unknown{} }})
}
