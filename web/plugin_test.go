package web

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"modernc.org/quickjs"
)

func read(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("plugin", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// order lists the plugin's scripts as the editor loads them.
func order(t *testing.T) (names []string) {
	t.Helper()
	if err := json.Unmarshal([]byte(read(t, "order.json")), &names); err != nil {
		t.Fatal(err)
	}
	return names
}

// Every script is loaded, once.
func TestPluginOrder(t *testing.T) {
	var files []string
	found, err := filepath.Glob("plugin/*.js")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range found {
		files = append(files, filepath.Base(file))
	}
	if d := cmp.Diff(files, slices.Sorted(slices.Values(order(t)))); d != "" {
		t.Errorf("order.json (-files +order):\n%s", d)
	}
}

// texts gives a catalogue with its keys written with dots.
func texts(t *testing.T, lang string) map[string]string {
	t.Helper()
	var tree map[string]any
	if err := json.Unmarshal([]byte(read(t, "texts."+lang+".json")), &tree); err != nil {
		t.Fatal(err)
	}
	flat := map[string]string{}
	var walk func(prefix string, tree map[string]any)
	walk = func(prefix string, tree map[string]any) {
		for key, v := range tree {
			if below, ok := v.(map[string]any); ok {
				walk(prefix+key+".", below)
				continue
			}
			flat[prefix+key], _ = v.(string)
		}
	}
	walk("", tree)
	return flat
}

var (
	places  = regexp.MustCompile(`__\w+__`)
	usedKey = regexp.MustCompile(`\bt\('([\w.]+)'( \+)?`)
)

// Both languages have the same texts with the same places, and every text that
// a script asks for is there.
func TestPluginTexts(t *testing.T) {
	en, ja := texts(t, "en-US"), texts(t, "ja")
	if d := cmp.Diff(slices.Sorted(maps.Keys(en)), slices.Sorted(maps.Keys(ja))); d != "" {
		t.Errorf("keys (-en +ja):\n%s", d)
	}
	for key, text := range en {
		a, b := places.FindAllString(text, -1), places.FindAllString(ja[key], -1)
		slices.Sort(a)
		slices.Sort(b)
		if !slices.Equal(a, b) {
			t.Errorf("%s has %v in English, %v in Japanese", key, a, b)
		}
	}
	for _, name := range order(t) {
		for _, m := range usedKey.FindAllStringSubmatch(read(t, name), -1) {
			key, prefix := m[1], m[2] != "" || strings.HasSuffix(m[1], ".")
			if prefix && !slices.ContainsFunc(slices.Collect(maps.Keys(en)), func(k string) bool { return strings.HasPrefix(k, key) }) {
				t.Errorf("%s asks for texts under %s", name, key)
			}
			if _, ok := en[key]; !prefix && !ok {
				t.Errorf("%s asks for the text %s", name, key)
			}
		}
	}
}

// world has a tab with a source, a subflow instance, a last node and a catch
// node; the subflow has two nodes and another instance.
const world = `
var nodes = {
	src: {type: 'inject', z: 't'}, one: {type: 'subflow:s1', z: 't'}, last: {type: 'debug', z: 't'}, c: {type: 'catch', z: 't'},
	a: {type: 'change', z: 's1'}, two: {type: 'subflow:s2', z: 's1'}, b: {type: 'function', z: 's2'}, 'with-dash': {type: 'debug', z: 't'},
}
for (const id in nodes) nodes[id].id = id
var world = {
	find: (id) => nodes[id] || null,
	outputs: (id) => ({s1: [[{id: 'a', port: 1}], [{id: 'two', port: 0}]], s2: [[{id: 'b', port: 0}]]})[id] || [],
}
var ids = window.tobanRuns.ids, path = window.tobanRuns.path
`

// run evaluates an expression with the scripts that need no page.
func run(t *testing.T, expression string) string {
	t.Helper()
	vm, err := quickjs.NewVM()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = vm.Close() }()
	script := "var window = globalThis; window.tobanRuns = {};" + read(t, "ids.js") + ";" + read(t, "path.js") + ";" + world + "JSON.stringify(" + expression + ")"
	got, err := vm.Eval(script, quickjs.EvalGlobal)
	if err != nil {
		t.Fatal(err)
	}
	text, _ := got.(string)
	return text
}

// Where a node inside subflows stands.
func TestWayToANode(t *testing.T) {
	for id, want := range map[string]string{
		"src": `["src"]`, "one": `["one"]`, "one-a": `["one","a"]`, "one-two-b": `["one","two","b"]`, "one:status": `["one"]`,
		"with-dash": `["with-dash"]`, "gone": `[]`, "one-gone": `[]`, "src-a": `[]`, "": `[]`, "-": `[]`,
	} {
		if got := run(t, "ids.way("+quote(id)+", world)"); got != want {
			t.Errorf("%s: %s, want %s", id, got, want)
		}
	}
}

func quote(s string) string {
	b, _ := json.Marshal(s) // a string always marshals
	return string(b)
}

// The wires and visits of a run through a subflow in a subflow, with an error.
func TestPathThroughSubflows(t *testing.T) {
	const steps = `[
		{seq: 0, node: 'src', status: 'done'},
		{seq: 1, node: 'one', parent: 0, port: 0, status: 'done'},
		{seq: 2, node: 'one-two', parent: 1, port: 0, status: 'done'},
		{seq: 3, node: 'one-two-b', parent: 2, port: 0, status: 'done'},
		{seq: 4, node: 'last', parent: 3, port: 0, status: 'failed', caught: true},
		{seq: 5, node: 'c', parent: 4, port: 1001, status: 'done'},
		{seq: 6, node: 'nowhere', parent: 5, port: 0, status: 'failed'},
	]`
	got := run(t, `(p => [[...p.hops.keys()], [...p.visits].map(([id, at]) => id + ' ' + at), p.steps.map((s, i) => p.outcome(i)), p.hops.get('last:-1:c').error])(path.build(`+steps+`, world))`)
	want := `[["src:0:one","one:1:last","last:-1:c"],["src 0","one 1,2,3","two 2,3","b 3","last 4","c 5"],` +
		`["done","done","done","done","caught","done","failed"],true]`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// What a badge says of many visits.
func TestBadgeNumbers(t *testing.T) {
	for visits, want := range map[string]string{
		"[0]": "1", "[2,6]": "3, 7", "[0,1]": "1, 2", "[0,1,2,3]": "1–4", "[1,4,5,6,9]": "2, 5–7, 10", "[0,2,4,6,8]": "1, 3 … 9",
	} {
		if got := run(t, "path.numbers("+visits+")"); got != quote(want) {
			t.Errorf("%s: %s, want %s", visits, got, want)
		}
	}
}

// Each state of a step has a colour.
func TestOutcomes(t *testing.T) {
	got := run(t, `['queued','running','planned','reserved','asking','held','unknown','done','failed','interrupted','cancelled','previewed'].map(status => path.outcome({status}))`)
	want := `["waiting","waiting","waiting","waiting","waiting","waiting","unknown","done","failed","failed","cancelled","preview"]`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
