package node

import (
	"fmt"
	"maps"
	"slices"
)

// Type describes a node type to the engine, the editor and `toban check`.
type Type struct {
	Name string
	// New makes an unconfigured node.
	New func() Node
	// Credentials are the properties that are kept apart from the flow file.
	Credentials []Credential
	// Config marks a config node type, which other nodes refer to by id.
	Config bool
}

// Credential is one credential property. Secret ones are never given back.
type Credential struct {
	Name   string
	Secret bool
}

// Registry holds the node types of one server.
type Registry struct{ types map[string]Type }

// NewRegistry makes an empty registry.
func NewRegistry() *Registry { return &Registry{types: map[string]Type{}} }

// Add registers a type. A name that is taken is a programming error.
func (r *Registry) Add(t Type) {
	if _, taken := r.types[t.Name]; taken {
		panic(fmt.Sprintf("node type %q is registered twice", t.Name))
	}
	r.types[t.Name] = t
}

// Lookup finds a type by the name that flow files use.
func (r *Registry) Lookup(name string) (Type, bool) {
	t, ok := r.types[name]
	return t, ok
}

// Known reports whether there is a type of this name.
func (r *Registry) Known(name string) bool {
	_, ok := r.types[name]
	return ok
}

// Config reports whether the name is that of a config node type.
func (r *Registry) Config(name string) bool { return r.types[name].Config }

// Names lists the types in order.
func (r *Registry) Names() []string { return slices.Sorted(maps.Keys(r.types)) }
