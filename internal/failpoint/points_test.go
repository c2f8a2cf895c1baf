package failpoint

import (
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// declared are the constants of points.go, by name.
func declared(t *testing.T) map[string]Point {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "points.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]Point{}
	ast.Inspect(file, func(n ast.Node) bool {
		if spec, ok := n.(*ast.ValueSpec); ok && len(spec.Values) == 1 {
			if lit, ok := spec.Values[0].(*ast.BasicLit); ok {
				value, err := strconv.Unquote(lit.Value)
				if err != nil {
					t.Fatal(err)
				}
				found[spec.Names[0].Name] = Point(value)
			}
		}
		return true
	})
	return found
}

func TestEveryPointIsListedOnce(t *testing.T) {
	listed := map[Point]bool{}
	for _, b := range All() {
		if listed[b.Point] {
			t.Errorf("%s is listed twice", b.Point)
		}
		listed[b.Point] = true
		if !regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`).MatchString(string(b.Point)) {
			t.Errorf("%q is no name for an environment variable to hold", b.Point)
		}
		if !strings.HasSuffix(b.At, ".") || strings.Contains(b.At, "|") {
			t.Errorf("%s: %q is no sentence for a table", b.Point, b.At)
		}
	}
	all := declared(t)
	for name, p := range all {
		if !listed[p] {
			t.Errorf("%s (%s) is not in All", name, p)
		}
	}
	if len(all) != len(listed) {
		t.Errorf("%d constants, %d points in All", len(all), len(listed))
	}
}
