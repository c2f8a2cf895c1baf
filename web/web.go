// Package web holds the flow editor that is built into the binary: an npm
// project (package.json, build/), the forms of our node types (nodes/), our
// plugin (plugin/), and marks and texts (theme/, overlay/). `make assets` builds
// it into dist/, of which nothing is committed; without it the binary has no
// editor, and everything else works.
package web

import (
	"embed"
	"io/fs"
)

//go:embed dist
var dist embed.FS

// Dist is what was built: manifest.json and files/. It is empty but for a note
// if nothing was built.
func Dist() fs.FS {
	sub, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // the name is a constant, and valid
	}
	return sub
}
