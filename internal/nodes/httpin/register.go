package httpin

import (
	_ "embed"

	"toban/internal/locale"
	"toban/internal/node"
)

//go:embed texts.json
var texts []byte

var _ = locale.Register(texts)

// Register adds both types to a registry.
func Register(r *node.Registry) {
	r.Add(node.Type{Name: "http in", New: func() node.Node { return &In{} }})
	r.Add(node.Type{Name: "http response", New: func() node.Node { return &Out{} }})
}
