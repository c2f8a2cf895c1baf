package policy

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// module is the name in go.mod.
const module = "toban"

// notOurs are folders that hold nothing that is checked in.
var notOurs = map[string]bool{".git": true, "node_modules": true, "bin": true, "data": true, "web/dist": true, "testdata": true}

// root is the repo's folder.
var root = sync.OnceValue(func() string {
	dir, err := os.Getwd()
	if err != nil {
		panic(err)
	}
	return filepath.Join(dir, "..", "..")
})

// eachFile calls f for every file of the repo, by its path with slashes.
func eachFile(t *testing.T, f func(name string, data []byte)) {
	t.Helper()
	err := fs.WalkDir(os.DirFS(root()), ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (notOurs[name] || notOurs[d.Name()]):
			return fs.SkipDir
		case !d.Type().IsRegular():
			return nil
		}
		data, err := os.ReadFile(filepath.Join(root(), name))
		if err == nil {
			f(name, data)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// goFile is one parsed Go file.
type goFile struct {
	name string // path in the repo
	pkg  string // folder in the repo: the import path without the module
	test bool
	ast  *ast.File
}

// source gives all Go files; they are parsed once.
var source = sync.OnceValues(func() ([]goFile, error) {
	var files []goFile
	fset := token.NewFileSet()
	err := fs.WalkDir(os.DirFS(root()), ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (notOurs[name] || notOurs[d.Name()]):
			return fs.SkipDir
		case d.IsDir() || path.Ext(name) != ".go":
			return nil
		}
		parsed, err := parser.ParseFile(fset, filepath.Join(root(), name), nil, parser.ParseComments)
		if err == nil {
			files = append(files, goFile{name, path.Dir(name), strings.HasSuffix(name, "_test.go"), parsed})
		}
		return err
	})
	return files, err
})

func goFiles(t *testing.T) []goFile {
	t.Helper()
	files, err := source()
	if err != nil {
		t.Fatal(err)
	}
	return files
}
