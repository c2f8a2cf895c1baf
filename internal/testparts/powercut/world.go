package powercut

import (
	"path/filepath"

	"toban/internal/atomicfile"
)

// inode is a file's content, whatever its name.
type inode struct {
	data   []byte
	synced bool
	folder bool
}

// change is a change of a folder's names that may not have reached the disk.
type change struct {
	remove, add string
	node        *inode // of add
}

func (c change) on(names map[string]*inode) {
	if c.remove != "" {
		delete(names, c.remove)
	}
	if c.add != "" {
		names[c.add] = c.node
	}
}

// world is what a running system sees, and what of it is sure to last.
type world struct {
	live, lasting map[string]*inode
	pending       map[string][]change // by folder
	folders       []string            // those of pending, in the order in which they were first changed
}

func newWorld() *world {
	return &world{live: map[string]*inode{}, lasting: map[string]*inode{}, pending: map[string][]change{}}
}

func (w *world) apply(op atomicfile.Op) {
	switch op.Kind {
	case atomicfile.Created:
		w.change(op.Path, change{add: op.Path, node: &inode{}})
	case atomicfile.Made:
		w.change(op.Path, change{add: op.Path, node: &inode{folder: true, synced: true}})
	case atomicfile.Written:
		if n := w.live[op.Path]; n != nil {
			n.data, n.synced = append(n.data, op.Data...), false
		}
	case atomicfile.Synced:
		if n := w.live[op.Path]; n != nil {
			n.synced = true
		}
	case atomicfile.Renamed:
		w.change(op.To, change{remove: op.Path, add: op.To, node: w.live[op.Path]})
	case atomicfile.Removed:
		w.change(op.Path, change{remove: op.Path})
	case atomicfile.FolderSynced:
		for _, c := range w.pending[op.Path] {
			c.on(w.lasting)
		}
		delete(w.pending, op.Path)
	}
}

func (w *world) change(path string, c change) {
	c.on(w.live)
	dir := filepath.Dir(path)
	w.pending[dir] = append(w.pending[dir], c)
	for _, known := range w.folders {
		if known == dir {
			return
		}
	}
	w.folders = append(w.folders, dir)
}

// mostPending bounds the choices that are tried: 2 to the power of it.
const mostPending = 12

// cuts gives every tree that a cut at this moment could leave.
func (w *world) cuts() []tree {
	var all []change
	for _, dir := range w.folders {
		all = append(all, w.pending[dir]...)
	}
	if len(all) > mostPending {
		panic("powercut: too many changes wait for the sync of their folder")
	}
	var trees []tree
	for choice := range 1 << len(all) {
		names := make(map[string]*inode, len(w.lasting))
		for path, n := range w.lasting {
			names[path] = n
		}
		for i, c := range all {
			if choice&(1<<i) != 0 {
				c.on(names)
			}
		}
		trees = append(trees, contents(names)...)
	}
	return trees
}
