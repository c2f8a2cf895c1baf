package nodes_test

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"toban/examples"
	"toban/internal/node"
)

// form is what a form declares.
type form struct {
	Category    string
	Defaults    map[string]struct{ Value any }
	Credentials map[string]struct{ Type string }
}

func allForms(t *testing.T) map[string]form {
	t.Helper()
	var forms map[string]form
	evalJSON(t, loadForms(t), "forms", &forms)
	return forms
}

// TestEveryTypeHasAForm: what the palette offers can be edited, and nothing is
// offered that the engine doesn't know.
func TestEveryTypeHasAForm(t *testing.T) {
	var own []string
	forms := allForms(t)
	for _, typ := range ownTypes() {
		own = append(own, typ.Name)
		if isConfig := forms[typ.Name].Category == "config"; isConfig != typ.Config {
			t.Errorf("%s: the form says config %v, the engine %v", typ.Name, isConfig, typ.Config)
		}
	}
	if diff := cmp.Diff(own, slices.Sorted(maps.Keys(forms))); diff != "" {
		t.Errorf("types of the engine without a form of the package (-), own forms (+):\n%s", diff)
	}
}

// TestFormsDeclareWhatTheEngineReads: the editor drops every property that a
// form doesn't declare, and writes the form's defaults into new nodes.
func TestFormsDeclareWhatTheEngineReads(t *testing.T) {
	forms := allForms(t)
	for _, typ := range ownTypes() {
		declared := forms[typ.Name].Defaults
		for name, def := range properties(reflect.TypeOf(typ.New()).Elem()) {
			field, ok := declared[name]
			if !ok {
				t.Errorf("%s: the form doesn't declare %q, so a deploy loses it", typ.Name, name)
				continue
			}
			if got := fmt.Sprint(field.Value); got != def && !empty(got, def) {
				t.Errorf("%s: %q begins as %q in the form, as %q in the engine", typ.Name, name, got, def)
			}
		}
		if diff := cmp.Diff(credentialKinds(typ), formKinds(forms[typ.Name])); diff != "" {
			t.Errorf("%s: credentials of the engine (-) and the form (+):\n%s", typ.Name, diff)
		}
	}
}

// empty reports whether the form's text is the engine's zero value.
func empty(text, zero string) bool {
	return (text == "" || text == "0" || text == "false") && (zero == "" || zero == "0" || zero == "false")
}

// properties are the flow properties of a node's struct with their defaults.
func properties(s reflect.Type) map[string]string {
	found := map[string]string{}
	for i := range s.NumField() {
		if tag, ok := s.Field(i).Tag.Lookup("flow"); ok {
			name, _, _ := strings.Cut(tag, ",")
			found[name] = s.Field(i).Tag.Get("default")
		}
	}
	return found
}

func credentialKinds(typ node.Type) map[string]string {
	kinds := map[string]string{}
	for _, c := range typ.Credentials {
		kinds[c.Name] = map[bool]string{true: "password", false: "text"}[c.Secret]
	}
	return kinds
}

func formKinds(f form) map[string]string {
	kinds := map[string]string{}
	for name, c := range f.Credentials {
		kinds[name] = c.Type
	}
	return kinds
}

// ofEveryNode are the properties that the editor keeps for all types.
var ofEveryNode = []string{"id", "type", "z", "x", "y", "wires", "d", "g", "l", "info"}

// TestFormsKeepKnownFlows: opening and deploying an example loses nothing; nor
// does it of the original flow, where that lies beside the repo.
func TestFormsKeepKnownFlows(t *testing.T) {
	files := map[string][]byte{}
	names, err := fs.Glob(examples.Files, "*.json")
	if err != nil || len(names) == 0 {
		t.Fatalf("examples: %v, %v", names, err)
	}
	for _, name := range names {
		if files[name], err = fs.ReadFile(examples.Files, name); err != nil {
			t.Fatal(err)
		}
	}
	if seed, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "seed", "flow.json")); err == nil {
		files["the original flow"] = seed
	}
	forms := allForms(t)
	for name, data := range files {
		var flow []map[string]any
		if err := json.Unmarshal(data, &flow); err != nil {
			t.Fatal(err)
		}
		for _, n := range flow {
			checkKept(t, name, forms, n)
		}
	}
}

func checkKept(t *testing.T, file string, forms map[string]form, n map[string]any) {
	t.Helper()
	f, own := forms[n["type"].(string)]
	if !own {
		return
	}
	for property := range n {
		if _, ok := f.Defaults[property]; !ok && !slices.Contains(ofEveryNode, property) {
			t.Errorf("%s: %v %v: a deploy loses %q", file, n["type"], n["name"], property)
		}
	}
}
