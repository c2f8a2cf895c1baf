package policy

import (
	"go/ast"
	"strings"
	"testing"
)

func TestPackagesAreDocumented(t *testing.T) {
	documented := map[string]bool{}
	for _, f := range goFiles(t) {
		if !f.test {
			documented[f.pkg] = documented[f.pkg] || f.ast.Doc != nil
		}
	}
	for pkg, ok := range documented {
		if !ok {
			t.Errorf("package %s has no package comment", pkg)
		}
	}
}

func TestExportedNamesAreDocumented(t *testing.T) {
	for _, f := range goFiles(t) {
		if f.test || f.ast.Name.Name == "main" {
			continue
		}
		for _, decl := range f.ast.Decls {
			for _, name := range undocumented(decl) {
				t.Errorf("%s: %s has no comment", f.name, name)
			}
		}
	}
}

func undocumented(decl ast.Decl) []string {
	switch d := decl.(type) {
	case *ast.FuncDecl:
		if d.Doc == nil && d.Name.IsExported() && !plainMethod(d) {
			return []string{d.Name.Name}
		}
	case *ast.GenDecl:
		return undocumentedSpecs(d)
	}
	return nil
}

// plainMethod reports methods that need no comment: those of types that aren't
// exported, those that do nothing, and those whose meaning an interface of the
// standard library or of package node documents.
func plainMethod(d *ast.FuncDecl) bool {
	if d.Recv == nil {
		return false
	}
	if d.Body != nil && len(d.Body.List) == 0 {
		return true
	}
	return !ast.IsExported(receiver(d)) || implementing[d.Name.Name]
}

var implementing = map[string]bool{
	"Error": true, "Unwrap": true, "String": true, "ServeHTTP": true, "MarshalJSON": true, "UnmarshalJSON": true,
	"Provision": true, "Close": true, "Receive": true, "Plan": true, "Ask": true, "Answered": true, "Run": true, "Wake": true,
}

func receiver(d *ast.FuncDecl) string {
	expr := d.Recv.List[0].Type
	for {
		switch e := expr.(type) {
		case *ast.StarExpr:
			expr = e.X
		case *ast.IndexExpr:
			expr = e.X
		case *ast.Ident:
			return e.Name
		default:
			return ""
		}
	}
}

// undocumentedSpecs checks types, constants and variables. A comment on the
// group serves all that stand in it; types want their own.
func undocumentedSpecs(d *ast.GenDecl) []string {
	var missing []string
	for _, spec := range d.Specs {
		switch s := spec.(type) {
		case *ast.TypeSpec:
			if s.Name.IsExported() && d.Doc == nil && s.Doc == nil {
				missing = append(missing, s.Name.Name)
			}
		case *ast.ValueSpec:
			for _, name := range s.Names {
				if name.IsExported() && d.Doc == nil && s.Doc == nil && s.Comment == nil {
					missing = append(missing, name.Name)
				}
			}
		}
	}
	return missing
}

func TestFilesAreShort(t *testing.T) {
	eachFile(t, func(name string, data []byte) {
		if !strings.HasSuffix(name, ".go") {
			return
		}
		if n := strings.Count(string(data), "\n"); n > maxLines {
			t.Errorf("%s has %d lines; split it (at most %d)", name, n, maxLines)
		}
	})
}

const maxLines = 400
