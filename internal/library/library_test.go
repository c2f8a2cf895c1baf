package library

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"toban/internal/locale"
)

func save(t *testing.T, l *Library, typ, at, body string, properties ...Property) {
	t.Helper()
	if err := l.Save(typ, at, properties, body); err != nil {
		t.Fatal(err)
	}
}

func get(t *testing.T, l *Library, typ, at string) Entry {
	t.Helper()
	e, err := l.Get(typ, at)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestSavedIsThere(t *testing.T) {
	l := New(filepath.Join(t.TempDir(), "lib"))
	if got := get(t, l, "functions", ""); !got.Folder || len(got.Items) != 0 {
		t.Errorf("a new library has %+v", got)
	}
	save(t, l, "functions", "aws/停止.js", "return msg;\n// outputs: no header\n",
		Property{"name", "Stop"}, Property{"initialize", "a\\n\nb"}, Property{"not a word", "x"})
	save(t, l, "functions", "first.js", "one")
	save(t, l, "functions", "first.js", "two", Property{"name", "First"})
	want := Entry{Folder: true, Items: []Item{
		{Name: "aws", Folder: true}, {Name: "first.js", Properties: []Property{{"name", "First"}}},
	}}
	if diff := cmp.Diff(want, get(t, l, "functions", "")); diff != "" {
		t.Error(diff)
	}
	want = Entry{Folder: true, Items: []Item{{Name: "停止.js", Properties: []Property{{"name", "Stop"}, {"initialize", "a\\n\nb"}}}}}
	if diff := cmp.Diff(want, get(t, l, "functions", "aws/")); diff != "" {
		t.Error(diff)
	}
	if got := get(t, l, "functions", "aws/停止.js").Text; got != "return msg;\n// outputs: no header\n" {
		t.Errorf("text: %q", got)
	}
	if got := get(t, New(l.dir), "functions", "first.js").Text; got != "two" {
		t.Errorf("the newer one: %q", got)
	}
}

// A flow's file ends in .json whether one writes it or not, and has no header.
func TestFlows(t *testing.T) {
	l := New(t.TempDir())
	save(t, l, "flows", "a/stop", "[]", Property{"name", "x"})
	for _, at := range []string{"a/stop", "a/stop.json"} {
		if got := get(t, l, "flows", at).Text; got != "[]" {
			t.Errorf("%s: %q", at, got)
		}
	}
	if got := get(t, l, "flows", "a").Items; len(got) != 1 || got[0].Name != "stop.json" {
		t.Errorf("list: %+v", got)
	}
}

// A folder that Node-RED wrote is read as it stands.
func TestNodeREDsFolder(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "templates/mail.html", "// name: Mail\n// syntax: mustache\n<p>{{x}}</p>")
	put(t, dir, "templates/.hidden", "x")
	l := New(dir)
	want := []Item{{Name: "mail.html", Properties: []Property{{"name", "Mail"}, {"syntax", "mustache"}}}}
	if diff := cmp.Diff(want, get(t, l, "templates", "").Items); diff != "" {
		t.Error(diff)
	}
	if got := get(t, l, "templates", "mail.html").Text; got != "<p>{{x}}</p>" {
		t.Errorf("text: %q", got)
	}
}

func put(t *testing.T, dir, name, text string) {
	t.Helper()
	file := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestNotThere(t *testing.T) {
	l := New(t.TempDir())
	save(t, l, "functions", "f", "x")
	for _, at := range []string{"nothing", "f/below", "a/b/c"} {
		if _, err := l.Get("functions", at); !errors.Is(err, ErrNotFound) {
			t.Errorf("%s: %v", at, err)
		}
	}
	if got := get(t, l, "functions", "nothing/"); !got.Folder || len(got.Items) > 0 {
		t.Errorf("a folder that isn't there: %+v", got)
	}
}

func TestRefused(t *testing.T) {
	l := New(t.TempDir())
	for at, key := range map[string]string{
		"../x": "library.bad_name", "a/../../x": "library.bad_name", "a/./b": "library.bad_name", ".x": "library.bad_name",
		"a//b": "library.bad_name", `a\b`: "library.bad_name", "a\x00b": "library.bad_name", "a\nb": "library.bad_name",
		"\xff": "library.bad_name", "C:x": "library.bad_name", " x": "library.bad_name", "x.": "library.bad_name",
		strings.Repeat("x", 201): "library.bad_name", "": "library.bad_name", "folder/": "library.bad_name",
		strings.Repeat("a/", 20) + "b": "library.too_deep",
	} {
		if err := l.Save("functions", at, nil, "x"); !locale.HasKey(err, key) {
			t.Errorf("%q: %v", at, err)
		}
	}
	for _, typ := range []string{"", "..", "other", "flows/..", "Flows"} {
		if err := l.Save(typ, "x", nil, "x"); !locale.HasKey(err, "library.unknown_type") {
			t.Errorf("type %q: %v", typ, err)
		}
	}
	if err := l.Save("functions", "x", nil, strings.Repeat("x", MaxEntry+1)); !locale.HasKey(err, "library.too_large") {
		t.Errorf("a large one: %v", err)
	}
	save(t, l, "functions", "a/b", "x")
	for _, at := range []string{"a", "a/b/c"} {
		if err := l.Save("functions", at, nil, "x"); !locale.HasKey(err, "library.write") {
			t.Errorf("in the place of another: %v", err)
		}
	}
}

// A link that leads out of the folder is neither followed nor listed.
func TestLinksDontLeadOut(t *testing.T) {
	outside, dir := t.TempDir(), t.TempDir()
	put(t, outside, "secret", "secret")
	put(t, dir, "functions/inside", "x")
	for name, target := range map[string]string{"file": filepath.Join(outside, "secret"), "folder": outside, "up": "../..", "self": "self"} {
		if err := os.Symlink(target, filepath.Join(dir, "functions", name)); err != nil {
			t.Skip("this system lets nobody make links: " + err.Error())
		}
	}
	l := New(dir)
	if got := get(t, l, "functions", "").Items; len(got) != 1 || got[0].Name != "inside" {
		t.Errorf("listed: %+v", got)
	}
	for _, at := range []string{"file", "folder/secret", "folder/", "up/", "self"} {
		if got, err := l.Get("functions", at); err == nil && (got.Text != "" || len(got.Items) > 0) {
			t.Errorf("%s gives %+v", at, got)
		}
	}
	if err := l.Save("functions", "folder/new", nil, "x"); err == nil {
		t.Error("written through a link")
	}
	if entries, err := os.ReadDir(outside); err != nil || len(entries) != 1 {
		t.Errorf("outside: %v, %v", entries, err)
	}
}

func TestFull(t *testing.T) {
	l := New(t.TempDir())
	for i := range maxEntries {
		put(t, l.dir, fmt.Sprintf("functions/%02d/%04d", i/1000, i), "")
	}
	if err := l.Save("functions", "one more", nil, "x"); !locale.HasKey(err, "library.full") {
		t.Errorf("got %v", err)
	}
}

// Whatever the path, nothing outside of the folder is touched.
func FuzzPath(f *testing.F) {
	for _, at := range []string{"a/b", "../x", "..", "a/../../b", "/etc/passwd", `..\x`, "a\x00", ".part-x", "%2e%2e/x", "a/./b", "CON", "x/"} {
		f.Add("functions", at, "text")
	}
	f.Fuzz(func(t *testing.T, typ, at, body string) {
		outer := t.TempDir()
		put(t, outer, "secret", "secret")
		l := New(filepath.Join(outer, "lib"))
		if err := l.Save(typ, at, nil, body); err == nil {
			got, err := l.Get(typ, at)
			if _, rest := splitHeader(body); err != nil || typ != "flows" && got.Text != rest || typ == "flows" && got.Text != body {
				t.Errorf("saved %q at %q, got %+v, %v", body, at, got, err)
			}
		}
		if e, err := l.Get(typ, at); err == nil && strings.Contains(e.Text, "secret") && !strings.Contains(body, "secret") {
			t.Errorf("%q leads out", at)
		}
		entries, err := os.ReadDir(outer)
		if err != nil || len(entries) > 2 {
			t.Errorf("outside: %v, %v", entries, err)
		}
	})
}

// What a header can hold comes back as it was.
func FuzzHeader(f *testing.F) {
	f.Add("name", `a\nb`, "body")
	f.Add("x", "\n\\", "// y: z\n")
	f.Fuzz(func(t *testing.T, name, value, body string) {
		properties, rest := splitHeader(withHeader([]Property{{name, value}}, body))
		if !propertyName.MatchString(name) {
			return
		}
		if len(properties) == 0 || properties[0] != (Property{name, value}) {
			t.Errorf("%q: %q became %+v", name, value, properties)
		}
		if !strings.HasSuffix(body, rest) {
			t.Errorf("body %q became %q", body, rest)
		}
	})
}
