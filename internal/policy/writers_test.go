package policy

import (
	"go/ast"
	"slices"
	"testing"
)

// writers are the packages that change the disk other than through
// internal/atomicfile, and why that is right. What they write is not rebuilt
// after a power cut by internal/testparts/powercut.
var writers = []struct{ pkg, why string }{
	{"internal/atomicfile", "it is the way"},
	{"internal/store/sqlite", "SQLite syncs its own file; the lock file has no content"},
	{"internal/nodes/file", "a flow's files: a person chose append or overwrite, as in Node-RED"},
	{"internal/failpoint", "the trace of a program built for crash tests"},
	{"internal/demo", "a temporary folder that goes with the demo"},
	{"internal/bridge", "a temporary folder that goes with the specs' server"},
	{"internal/testparts", "for tests"},
}

// ofOS are functions of package os that change the disk.
var ofOS = []string{"WriteFile", "Create", "CreateTemp", "OpenFile", "Rename", "Remove", "RemoveAll", "Mkdir", "MkdirAll",
	"MkdirTemp", "Truncate", "Link", "Symlink", "Chmod", "CopyFS"}

// ofOthers are names that only methods of a root or of a file have, whatever the
// variable is called.
var ofOthers = []string{"OpenFile", "WriteFile", "MkdirAll", "RemoveAll"}

// TestOneWriter: files that must survive a power cut are written in one place.
func TestOneWriter(t *testing.T) {
	found := map[string]bool{}
	for _, f := range goFiles(t) {
		if f.test {
			continue
		}
		allowed := ""
		for _, w := range writers {
			if under(f.pkg, []string{w.pkg}) {
				allowed = w.pkg
			}
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			call, name := writes(n)
			switch {
			case !call:
			case allowed == "":
				t.Errorf("%s calls %s: write through internal/atomicfile, or say here why not", f.name, name)
			default:
				found[allowed] = true
			}
			return true
		})
	}
	for _, w := range writers {
		if !found[w.pkg] {
			t.Errorf("%s doesn't write; take it off the list", w.pkg)
		}
	}
}

// writes reports whether a node of the syntax tree uses something that changes the disk.
func writes(n ast.Node) (yes bool, name string) {
	sel, ok := n.(*ast.SelectorExpr)
	if !ok {
		return false, ""
	}
	if of, isName := sel.X.(*ast.Ident); isName && of.Name == "os" {
		return slices.Contains(ofOS, sel.Sel.Name), "os." + sel.Sel.Name
	}
	return slices.Contains(ofOthers, sel.Sel.Name), sel.Sel.Name
}

// TestOnlyTestsWatch: what tests use to break the disk stays out of the program.
func TestOnlyTestsWatch(t *testing.T) {
	for _, f := range goFiles(t) {
		if f.test || under(f.pkg, []string{"internal/atomicfile", "internal/testparts"}) {
			continue
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			if sel, ok := n.(*ast.SelectorExpr); ok && sel.Sel.Name == "Watch" {
				if of, isName := sel.X.(*ast.Ident); isName && of.Name == "atomicfile" {
					t.Errorf("%s watches the disk", f.name)
				}
			}
			return true
		})
	}
}
