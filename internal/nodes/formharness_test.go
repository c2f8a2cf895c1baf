package nodes_test

import (
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"modernc.org/quickjs"

	"toban/internal/node"
	"toban/internal/nodes"
	"toban/internal/slack"
)

var formsDir = filepath.Join("..", "..", "web", "nodes")

// fromPackage are the types whose forms come with the editor's own nodes.
var fromPackage = []string{
	"catch", "change", "comment", "complete", "debug", "delay", "file", "file in", "function", "global-config",
	"http in", "http response", "inject", "junction", "link call", "link in", "link out", "status", "switch",
	"template", "unknown",
}

// withoutForm are types that people don't edit as nodes.
var withoutForm = []string{"subflow", "subflow-status"}

// ownTypes are those that need a form of ours.
func ownTypes() []node.Type {
	registry := nodes.Registry(slack.NewHub(slack.Config{}, slog.New(slog.DiscardHandler)))
	var own []node.Type
	for _, name := range registry.Names() {
		if !slices.Contains(fromPackage, name) && !slices.Contains(withoutForm, name) {
			typ, _ := registry.Lookup(name)
			own = append(own, typ)
		}
	}
	return own
}

func folder(typ string) string { return filepath.Join(formsDir, strings.ReplaceAll(typ, " ", "-")) }

func readFile(t *testing.T, path ...string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(path...))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// editor is as much of the editor as forms need to be registered and fields to
// be checked: no dialog is open, and a text is its key.
const editor = `
var window = globalThis, forms = {};
var document = { addEventListener() {} };
var $ = () => ({ length: 0 });
var RED = {
  _: (key, values) => key.replace('toban/common:', '') + (values ? ' ' + JSON.stringify(values) : ''),
  nodes: { registerType(type, form) { if (forms[type]) throw new Error(type + ' twice'); forms[type] = form } },
  editor: { getEditStack: () => [] },
  validators: { typedInput: () => (value, options) => true },
};
const base64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
globalThis.atob = (text) => {
  const bits = [...text].map((c) => base64.indexOf(c).toString(2).padStart(6, '0')).join('');
  return bits.match(/.{8}/g).map((byte) => String.fromCharCode(parseInt(byte, 2))).join('');
};
`

// loadForms runs the scripts of all forms, as the editor does at its start.
func loadForms(t *testing.T) *quickjs.VM {
	t.Helper()
	vm, err := quickjs.NewVM()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = vm.Close() })
	scripts, err := filepath.Glob(filepath.Join(formsDir, "*", "*.js"))
	if err != nil || len(scripts) == 0 {
		t.Fatalf("no forms: %v", err)
	}
	sources := []string{editor}
	for _, shared := range []bool{true, false} { // what forms share comes first
		for _, script := range scripts {
			if (filepath.Base(filepath.Dir(script)) == "common") == shared {
				sources = append(sources, readFile(t, script))
			}
		}
	}
	for _, source := range sources {
		if _, err := vm.Eval(source, quickjs.EvalGlobal); err != nil {
			t.Fatalf("%v in %.200s", err, source)
		}
	}
	return vm
}

// evalJSON reads the value of an expression into a Go value.
func evalJSON(t *testing.T, vm *quickjs.VM, expression string, into any) {
	t.Helper()
	text, err := vm.Eval("JSON.stringify("+expression+")", quickjs.EvalGlobal)
	if err != nil {
		t.Fatalf("%s: %v", expression, err)
	}
	if err := json.Unmarshal([]byte(text.(string)), into); err != nil {
		t.Fatalf("%s: %v in %v", expression, err, text)
	}
}

// quote writes a Go value as JavaScript.
func quote(t *testing.T, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
