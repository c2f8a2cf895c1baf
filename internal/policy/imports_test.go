package policy

import (
	"slices"
	"strconv"
	"strings"
	"testing"
)

// house lists the packages from the lowest floor to the highest. A package
// imports from floors below its own, and from its own folder. A name stands for
// its subfolders too, unless they have a floor of their own.
var house = [][]string{
	{"internal/failpoint"},
	{"internal/locale", "internal/atomicfile", "examples", "web"},
	{"internal/message", "internal/auth"},
	{"internal/js", "internal/expr", "internal/inspect", "internal/page", "internal/mishap"},
	{"internal/node", "internal/editor"},
	{"internal/flow"},
	{"internal/store", "internal/vault"},
	{"internal/machine"},
	{"internal/engine", "internal/history"},
	{"internal/flowstore", "internal/library", "internal/sshx", "internal/mailx", "internal/slack", "internal/comms", "internal/console"},
	{"internal/nodes", "internal/simulate"},
	{"internal/sim", "internal/probe"},
	{"internal/server"},
	{"internal/app"},
	{"internal/demo", "internal/bridge", "internal/doctor"},
	{"internal/cli"},
	{"cmd/toban"},
}

// never names what the floors alone would allow.
var never = []struct{ pkg, imports, why string }{
	{"internal/nodes", "internal/engine", "a node type knows the engine by node.Env and node.Step only"},
	{"internal/nodes", "internal/machine", "a node type knows the engine by node.Env and node.Step only"},
	{"internal/nodes", "internal/store", "node state is node.State"},
	{"internal/slack", "internal/engine", "the gateway answers through node.Answerer"},
	{"internal/slack", "internal/machine", "the gateway answers through node.Answerer"},
	{"internal/slack", "internal/store", "the engine stores questions"},
	{"internal/sshx", "internal/engine", "a client knows no engine"},
	{"internal/mailx", "internal/engine", "a client knows no engine"},
	{"internal/comms", "internal/engine", "the channel carries what it is given"},
	{"internal/machine", "os", "the machine does no I/O"},
	{"internal/machine", "net", "the machine does no I/O"},
	{"internal/machine", "sync", "the machine has no goroutine"},
	{"internal/machine", "context", "the machine waits for nothing"},
	{"internal/machine", "math/rand", "ids come from the machine's caller"},
	{"internal/machine", "math/rand/v2", "ids come from the machine's caller"},
	{"internal/machine", "crypto/rand", "ids come from the machine's caller"},
}

// freeOfFloors are packages for tests, and this one.
var freeOfFloors = []string{"internal/testparts", "internal/policy", "internal/bench", "e2e", "tools"}

func TestImportsPointDown(t *testing.T) {
	for _, f := range goFiles(t) {
		if f.test || under(f.pkg, freeOfFloors) {
			continue
		}
		own, ok := floor(f.pkg)
		if !ok {
			t.Errorf("%s: package %s has no floor: give it one in this test", f.name, f.pkg)
			continue
		}
		for _, path := range imports(f) {
			checkImport(t, f, own, path)
		}
	}
}

func checkImport(t *testing.T, f goFile, own int, path string) {
	t.Helper()
	for _, n := range never {
		if under(f.pkg, []string{n.pkg}) && path == n.imports {
			t.Errorf("%s imports %s: %s", f.name, path, n.why)
		}
	}
	if !strings.HasPrefix(path, "internal/") || sameHouse(f.pkg, path) {
		return
	}
	theirs, ok := floor(path)
	if !ok || theirs >= own {
		t.Errorf("%s (floor %d) imports %s (floor %d): imports point down", f.name, own, path, theirs)
	}
}

// imports lists what a file imports, our own packages without the module's name.
func imports(f goFile) []string {
	var list []string
	for _, spec := range f.ast.Imports {
		path, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue // the parser let it through, so it unquotes
		}
		list = append(list, strings.TrimPrefix(path, module+"/"))
	}
	return list
}

// floor finds a package's floor by the longest name that covers it.
func floor(pkg string) (n int, ok bool) {
	best := ""
	for i, names := range house {
		for _, name := range names {
			if under(pkg, []string{name}) && len(name) > len(best) {
				best, n, ok = name, i, true
			}
		}
	}
	return n, ok
}

func under(pkg string, names []string) bool {
	return slices.ContainsFunc(names, func(name string) bool {
		return pkg == name || strings.HasPrefix(pkg, name+"/")
	})
}

// sameHouse reports whether both packages stand under the same name: a folder
// and its subfolders belong together. Node types don't import each other.
func sameHouse(a, b string) bool {
	return firstTwo(a) == firstTwo(b)
}

func firstTwo(pkg string) string {
	parts := strings.SplitN(pkg, "/", 3)
	return strings.Join(parts[:min(2, len(parts))], "/")
}

func TestFloorsNameRealPackages(t *testing.T) {
	var known []string
	for _, f := range goFiles(t) {
		known = append(known, f.pkg)
	}
	for _, names := range house {
		for _, name := range names {
			if !slices.ContainsFunc(known, func(pkg string) bool { return under(pkg, []string{name}) }) {
				t.Errorf("there is no package %s", name)
			}
		}
	}
}
