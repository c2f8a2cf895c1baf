package nodes

import (
	"toban/internal/node"
	"toban/internal/nodes/catch"
	"toban/internal/nodes/comment"
	"toban/internal/nodes/complete"
	"toban/internal/nodes/debug"
	"toban/internal/nodes/functionnode"
	"toban/internal/nodes/globalconfig"
	"toban/internal/nodes/inject"
	"toban/internal/nodes/junction"
	"toban/internal/nodes/link"
	"toban/internal/nodes/status"
	"toban/internal/nodes/subflow"
	"toban/internal/nodes/unknown"
)

// registrations are the node types that come with Toban, one line each.
var registrations = []func(*node.Registry){
	catch.Register,
	comment.Register,
	complete.Register,
	debug.Register,
	functionnode.Register,
	globalconfig.Register,
	inject.Register,
	junction.Register,
	link.Register,
	status.Register,
	subflow.Register,
	unknown.Register,
}

// Registry makes a registry that has all node types.
func Registry() *node.Registry {
	r := node.NewRegistry()
	for _, register := range registrations {
		register(r)
	}
	return r
}
