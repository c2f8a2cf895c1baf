package flow

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"toban/internal/locale"
)

// someTypes are the types that the tests' files use.
type someTypes struct{}

func (someTypes) Known(typ string) bool {
	return !strings.HasPrefix(typ, "no such") && !strings.HasPrefix(typ, subflowPrefix)
}

func (someTypes) Config(typ string) bool {
	return typ == "connection" || typ == "global-config" || strings.HasPrefix(typ, "conf")
}

func mustParse(t testing.TB, text string) *File {
	t.Helper()
	f, err := Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func build(t testing.TB, text string) *Graph {
	t.Helper()
	return Build(mustParse(t, text), Options{Types: someTypes{}})
}

// clean fails the test if the graph has problems.
func clean(t testing.TB, g *Graph) *Graph {
	t.Helper()
	for _, p := range g.Problems {
		t.Errorf("problem with node %s: %v", p.Node, p.Err)
	}
	return g
}

// ids names nodes for comparison.
func ids(nodes []*Node) string {
	var list []string
	for _, n := range nodes {
		list = append(list, n.ID)
	}
	return strings.Join(list, " ")
}

func wires(n *Node) string {
	var list []string
	for _, port := range n.Wires {
		list = append(list, ids(port))
	}
	return strings.Join(list, " | ")
}

func problemKeys(g *Graph) string {
	var keys []string
	for _, p := range g.Problems {
		keys = append(keys, locale.Keys.Err(p.Err))
	}
	return strings.Join(keys, " ")
}

// seedFile reads a file of the project's seed, which is not part of the repository.
func seedFile(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "seed", name))
	if err != nil {
		t.Skipf("the seed's flow is not beside this checkout: %v", err)
	}
	return data
}
