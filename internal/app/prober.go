package app

import (
	"toban/internal/flowstore"
	"toban/internal/node"
	"toban/internal/probe"
)

// prober tries connections for the editor.
func (a *App) prober(types *node.Registry, stored *flowstore.Store) *probe.Prober {
	return probe.New(probe.Options{
		Types: types, DataDir: a.o.DataDir, Current: a.flows.Current, Resolve: a.flows.resolve, Credential: stored.Credential,
		SlackAPI: a.o.Slack.APIURL, Zone: a.o.Zone,
	})
}
