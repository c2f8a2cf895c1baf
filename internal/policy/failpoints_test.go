package policy

import (
	"fmt"
	"go/ast"
	"os"
	"strings"
	"testing"

	"toban/internal/failpoint"
)

// The page about reliability lists every failpoint, as the code has it.
func TestFailpointsAreDocumented(t *testing.T) {
	page, err := os.ReadFile("../../docs/reliability.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range failpoint.All() {
		if row := fmt.Sprintf("| `%s` | %s |\n", b.Point, b.At); strings.Count(string(page), row) != 1 {
			t.Errorf("docs/reliability.md has not once the row %q", row)
		}
	}
}

// Every failpoint stands somewhere in the code: one that doesn't is never tried.
func TestFailpointsStandSomewhere(t *testing.T) {
	used := map[string]bool{}
	names := map[string]bool{}
	for _, f := range goFiles(t) {
		switch {
		case f.name == "internal/failpoint/points.go":
			for _, name := range constants(f.ast) {
				names[name] = true
			}
		case !f.test && f.pkg != "internal/failpoint":
			ast.Inspect(f.ast, func(n ast.Node) bool {
				if s, ok := n.(*ast.SelectorExpr); ok {
					if pkg, ok := s.X.(*ast.Ident); ok && pkg.Name == "failpoint" {
						used[s.Sel.Name] = true
					}
				}
				return true
			})
		}
	}
	if len(names) != len(failpoint.All()) {
		t.Errorf("found %d constants for %d failpoints", len(names), len(failpoint.All()))
	}
	for name := range names {
		if !used[name] {
			t.Errorf("failpoint.%s stands nowhere", name)
		}
	}
}

func constants(file *ast.File) (names []string) {
	ast.Inspect(file, func(n ast.Node) bool {
		if spec, ok := n.(*ast.ValueSpec); ok && len(spec.Values) == 1 {
			if _, ok := spec.Values[0].(*ast.BasicLit); ok {
				names = append(names, spec.Names[0].Name)
			}
		}
		return true
	})
	return names
}
