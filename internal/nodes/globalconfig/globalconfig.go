package globalconfig

import "toban/internal/node"

// GlobalConfig does nothing itself: its env property is the outermost environment.
type GlobalConfig struct{}

// Register adds the type to a registry.
func Register(r *node.Registry) {
	r.Add(node.Type{Name: "global-config", New: func() node.Node { return &GlobalConfig{} }, Config: true, Credentials: []node.Credential{{Name: "map", Secret: true}}})
}
