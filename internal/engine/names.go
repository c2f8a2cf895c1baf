package engine

import "sync"

// keptNames bounds the revisions whose names are kept.
const keptNames = 16

// names are those of the nodes of stored revisions that are not loaded.
type names struct {
	mu    sync.Mutex
	byRev map[string]map[string]named
	order []string // the oldest first
}

type named struct{ name, typ string }

func (n *names) find(revision string) (map[string]named, bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	found, ok := n.byRev[revision]
	return found, ok
}

func (n *names) keep(revision string, found map[string]named) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if _, known := n.byRev[revision]; known {
		return
	}
	if n.byRev == nil {
		n.byRev = map[string]map[string]named{}
	}
	if len(n.order) == keptNames {
		delete(n.byRev, n.order[0])
		n.order = n.order[1:]
	}
	n.byRev[revision], n.order = found, append(n.order, revision)
}

// Names gives a function that names the nodes of a revision: name and type, both
// "" for a node that it doesn't have. A revision that isn't loaded any more is
// read from the store; one that isn't stored either has no names.
func (e *Engine) Names(revision string) func(id string) (name, typ string) {
	if rev := e.revision(revision); rev != nil {
		return func(id string) (string, string) {
			if n := rev.graph.Nodes[id]; n != nil {
				return n.Name, n.Type
			}
			return "", ""
		}
	}
	stored := e.storedNames(revision)
	return func(id string) (string, string) { return stored[id].name, stored[id].typ }
}

func (e *Engine) storedNames(revision string) map[string]named {
	if known, ok := e.names.find(revision); ok {
		return known
	}
	file, err := e.cfg.Store.Revision(e.ctx, revision)
	if err != nil {
		return nil // asked again next time: the store may only have been busy
	}
	found := map[string]named{}
	if graph, err := e.cfg.Build(file); err == nil { // one that can't be built has no names
		for id, n := range graph.Nodes {
			found[id] = named{n.Name, n.Type}
		}
	}
	e.names.keep(revision, found)
	return found
}
