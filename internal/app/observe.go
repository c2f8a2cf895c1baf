package app

import (
	"toban/internal/machine"
	"toban/internal/node"
	"toban/internal/nodes/httpin"
	"toban/internal/server"
	"toban/internal/store"
)

// observer tells the web of what happens in the engine: editors, metrics, and
// clients whose request nobody will answer any more; and people of what a node
// wants decided.
type observer struct {
	*server.Observer
	requests *httpin.Router
	notices  *notices
}

// Status passes on what a node shows.
func (o observer) Status(id string, s node.Status) {
	o.Observer.Status(id, s)
	o.notices.moves(id)
}

// RunChanged passes the news on.
func (o observer) RunChanged(r store.Run) {
	o.Observer.RunChanged(r)
	if r.Status == machine.RunFailed || r.Status == machine.RunCancelled {
		o.requests.Failed(r.ID)
	}
}
