package policy

import (
	"go/ast"
	"testing"
)

// foldsJournals are the packages that read journals as they are, to go on with a run.
// Whoever shows one reads it with internal/history, which masks what is secret.
var foldsJournals = []string{"internal/machine", "internal/engine", "internal/simulate", "internal/history"}

func TestShownJournalsAreMasked(t *testing.T) {
	found := 0
	for _, f := range goFiles(t) {
		if f.test {
			continue
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			call, ok := n.(*ast.SelectorExpr)
			if !ok || call.Sel.Name != "Fold" {
				return true
			}
			if pkg, ok := call.X.(*ast.Ident); !ok || pkg.Name != "machine" {
				return true
			}
			found++
			if !under(f.pkg, foldsJournals) {
				t.Errorf("%s reads a journal with machine.Fold; what people see comes from history.Read", f.name)
			}
			return true
		})
	}
	if found == 0 {
		t.Error("nothing calls machine.Fold: is it called by another name?")
	}
}
