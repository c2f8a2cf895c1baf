package file

import (
	_ "embed"

	"toban/internal/locale"
	"toban/internal/node"
)

//go:embed texts.json
var texts []byte

var _ = locale.Register(texts)

// Register adds the types file and file in.
func Register(r *node.Registry) {
	r.Add(node.Type{Name: "file", New: func() node.Node { return &Write{} }})
	r.Add(node.Type{Name: "file in", New: func() node.Node { return &Read{} }})
}
