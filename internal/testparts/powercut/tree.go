package powercut

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// tree is files by path; nil is a folder.
type tree map[string][]byte

// contents gives the trees of some names: a file that was not synced may hold
// nothing, a beginning, everything, or zeros.
func contents(names map[string]*inode) []tree {
	trees := []tree{{}}
	for _, path := range slices.Sorted(maps.Keys(names)) {
		variants := names[path].variants()
		var more []tree
		for _, t := range trees {
			for _, data := range variants {
				next := maps.Clone(t)
				next[path] = data
				more = append(more, next)
			}
		}
		trees = more
	}
	return trees
}

func (n *inode) variants() [][]byte {
	switch {
	case n.folder:
		return [][]byte{nil}
	case n.synced || len(n.data) == 0:
		return [][]byte{append([]byte{}, n.data...)}
	}
	return [][]byte{{}, n.data[:1], n.data[:len(n.data)/2], n.data, make([]byte, len(n.data))}
}

// String tells trees apart.
func (t tree) String() string {
	var b strings.Builder
	for _, path := range slices.Sorted(maps.Keys(t)) {
		fmt.Fprintf(&b, "%q %t %q\n", path, t[path] == nil, t[path])
	}
	return b.String()
}

// build makes the tree below from as files below to. What lies in a folder that
// isn't there is lost.
func (t tree) build(tb testing.TB, from, to string) {
	tb.Helper()
	if err := os.MkdirAll(to, 0o700); err != nil {
		tb.Fatal(err)
	}
	for _, path := range slices.Sorted(maps.Keys(t)) {
		rel, err := filepath.Rel(from, path)
		if err != nil {
			tb.Fatal(err)
		}
		place := filepath.Join(to, rel)
		if t[path] == nil {
			err = os.Mkdir(place, 0o700)
		} else {
			err = os.WriteFile(place, t[path], 0o600)
		}
		if err != nil && !os.IsNotExist(err) && !os.IsExist(err) {
			tb.Fatal(err)
		}
	}
}
