package app

import (
	"toban/internal/machine"
	"toban/internal/nodes/httpin"
	"toban/internal/server"
	"toban/internal/store"
)

// observer tells the web of what happens in the engine: editors, metrics, and
// clients whose request nobody will answer any more.
type observer struct {
	*server.Observer
	requests *httpin.Router
}

// RunChanged passes the news on.
func (o observer) RunChanged(r store.Run) {
	o.Observer.RunChanged(r)
	if r.Status == machine.RunFailed || r.Status == machine.RunCancelled {
		o.requests.Failed(r.ID)
	}
}
