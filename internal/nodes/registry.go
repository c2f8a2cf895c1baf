package nodes

import (
	"toban/internal/node"
	"toban/internal/nodes/catch"
	"toban/internal/nodes/change"
	"toban/internal/nodes/command"
	"toban/internal/nodes/comment"
	"toban/internal/nodes/complete"
	"toban/internal/nodes/connection"
	"toban/internal/nodes/debug"
	"toban/internal/nodes/delay"
	"toban/internal/nodes/emailin"
	"toban/internal/nodes/file"
	"toban/internal/nodes/functionnode"
	"toban/internal/nodes/globalconfig"
	"toban/internal/nodes/httpin"
	"toban/internal/nodes/inject"
	"toban/internal/nodes/junction"
	"toban/internal/nodes/link"
	"toban/internal/nodes/slackask"
	"toban/internal/nodes/slackconnection"
	"toban/internal/nodes/slacksay"
	"toban/internal/nodes/status"
	"toban/internal/nodes/subflow"
	"toban/internal/nodes/switchnode"
	"toban/internal/nodes/template"
	"toban/internal/nodes/unknown"
	"toban/internal/slack"
)

// registrations are the node types that come with Toban, one line each.
var registrations = []func(*node.Registry){
	catch.Register,
	change.Register,
	command.Register,
	comment.Register,
	complete.Register,
	connection.Register,
	debug.Register,
	delay.Register,
	emailin.Register,
	file.Register,
	functionnode.Register,
	globalconfig.Register,
	httpin.Register,
	inject.Register,
	junction.Register,
	link.Register,
	status.Register,
	subflow.Register,
	switchnode.Register,
	template.Register,
	unknown.Register,
}

// slackRegistrations are those that work through the Slack gateway.
var slackRegistrations = []func(*node.Registry, *slack.Hub){
	slackask.Register,
	slackconnection.Register,
	slacksay.Register,
}

// Registry makes a registry that has all node types; those of Slack are served
// by hub.
func Registry(hub *slack.Hub) *node.Registry {
	r := node.NewRegistry()
	for _, register := range registrations {
		register(r)
	}
	for _, register := range slackRegistrations {
		register(r, hub)
	}
	return r
}
