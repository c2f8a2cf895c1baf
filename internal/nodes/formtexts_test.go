package nodes_test

import (
	"encoding/json"
	"html"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"toban/internal/message"
	"toban/internal/slack"
)

// formLanguages are the languages of forms, as the editor writes them.
var formLanguages = []string{"en-US", "ja"}

// catalogue reads a folder's texts, with the keys as code writes them.
func catalogue(t *testing.T, dir, lang string) map[string]string {
	t.Helper()
	var tree map[string]any
	if err := json.Unmarshal([]byte(readFile(t, dir, "texts."+lang+".json")), &tree); err != nil {
		t.Fatalf("%s, %s: %v", dir, lang, err)
	}
	flat := map[string]string{}
	flatten(tree, "", flat)
	return flat
}

func flatten(tree map[string]any, before string, into map[string]string) {
	for key, v := range tree {
		switch v := v.(type) {
		case string:
			into[before+key] = v
		case map[string]any:
			flatten(v, before+key+".", into)
		}
	}
}

func formFolders() []string {
	dirs := []string{filepath.Join(formsDir, "common")}
	for _, typ := range ownTypes() {
		dirs = append(dirs, folder(typ.Name))
	}
	return dirs
}

var textPlace = regexp.MustCompile(`__\w+?__|\{\{[#/]\w+\}\}`)

// TestFormTexts: both languages have the same texts with the same places.
func TestFormTexts(t *testing.T) {
	for _, dir := range formFolders() {
		en, ja := catalogue(t, dir, "en-US"), catalogue(t, dir, "ja")
		if diff := cmp.Diff(slices.Sorted(maps.Keys(en)), slices.Sorted(maps.Keys(ja))); diff != "" {
			t.Errorf("%s: en-US (-), ja (+):\n%s", dir, diff)
		}
		for key, text := range en {
			if text == "" || ja[key] == "" {
				t.Errorf("%s: %s is empty: %q, %q", dir, key, text, ja[key])
			}
			if diff := cmp.Diff(placesOf(text), placesOf(ja[key])); diff != "" {
				t.Errorf("%s: %s: places in en-US (-), ja (+):\n%s", dir, key, diff)
			}
		}
	}
}

func placesOf(text string) []string {
	return slices.Compact(slices.Sorted(slices.Values(textPlace.FindAllString(text, -1))))
}

var (
	htmlKey   = regexp.MustCompile(`data-i18n="(?:\[[\w-]+\])?([\w.]+)"`)
	sharedKey = regexp.MustCompile(`Toban\.text\('([\w.]+)'`)
	ownKey    = regexp.MustCompile(`\b_\('([\w.]+)'\)`)
)

// TestFormsUseTextsThatExist: what a form names is in its catalogue or in the
// one that forms share. (The keys that checks give are in TestFormChecks.)
func TestFormsUseTextsThatExist(t *testing.T) {
	shared := catalogue(t, filepath.Join(formsDir, "common"), "ja")
	for _, typ := range ownTypes() {
		own, js := catalogue(t, folder(typ.Name), "ja"), readFile(t, folder(typ.Name), "form.js")
		for key := range own {
			if group, _, _ := strings.Cut(key, "."); hasGroup(shared, group) {
				t.Errorf("%s: %s hides all shared texts of that group", typ.Name, key)
			}
		}
		used := keysIn(htmlKey, readFile(t, folder(typ.Name), "form.html"))
		for _, key := range append(used, keysIn(ownKey, js)...) {
			if own[key] == "" && shared[key] == "" {
				t.Errorf("%s: the form uses %q, which is in no catalogue", typ.Name, key)
			}
		}
	}
	scripts, _ := filepath.Glob(filepath.Join(formsDir, "*", "*.js"))
	for _, script := range scripts {
		for _, key := range keysIn(sharedKey, readFile(t, script)) {
			if shared[key] == "" {
				t.Errorf("%s: uses %q, which is not in the shared catalogue", script, key)
			}
		}
	}
}

func hasGroup(texts map[string]string, group string) bool {
	for key := range texts {
		if strings.HasPrefix(key, group+".") {
			return true
		}
	}
	return false
}

func keysIn(pattern *regexp.Regexp, source string) []string {
	var keys []string
	for _, m := range pattern.FindAllStringSubmatch(source, -1) {
		keys = append(keys, m[1])
	}
	return keys
}

// TestFormTextsAreUsed: a text that nothing uses misleads whoever translates.
func TestFormTextsAreUsed(t *testing.T) {
	var all strings.Builder
	for _, pattern := range []string{"*.js", "*.html"} {
		files, _ := filepath.Glob(filepath.Join(formsDir, "*", pattern))
		for _, file := range files {
			all.WriteString(readFile(t, file))
		}
	}
	for _, dir := range formFolders() {
		for key := range catalogue(t, dir, "en-US") {
			_, last, _ := strings.Cut(key, ".")
			if !strings.Contains(all.String(), key) && !strings.Contains(all.String(), "'"+last+"'") {
				t.Errorf("%s: nothing uses %q", dir, key)
			}
		}
	}
}

var element = regexp.MustCompile(`<(h3|dt|dd|pre|button)\b`)

// TestHelp: every type has help in both languages, with the same parts.
func TestHelp(t *testing.T) {
	for _, typ := range ownTypes() {
		var parts [][]string
		for _, lang := range formLanguages {
			help := readFile(t, folder(typ.Name), "help."+lang+".html")
			if strings.Contains(help, "<script") || !strings.Contains(help, "<h3>") {
				t.Errorf("%s, %s: not a help text", typ.Name, lang)
			}
			parts = append(parts, element.FindAllString(help, -1))
		}
		if diff := cmp.Diff(parts[0], parts[1]); diff != "" {
			t.Errorf("%s: help in en-US (-), ja (+):\n%s", typ.Name, diff)
		}
	}
}

var example = regexp.MustCompile(`(?s)<pre>(.*?)</pre>`)

// examplesIn are the texts that the copy buttons of a help text copy.
func examplesIn(t *testing.T, typ, lang string) []string {
	t.Helper()
	var texts []string
	for _, m := range example.FindAllStringSubmatch(readFile(t, folder(typ), "help."+lang+".html"), -1) {
		texts = append(texts, html.UnescapeString(strings.Trim(m[1], "\n")))
	}
	return texts
}

// TestTemplatesOfTheHelp: what people copy from the help works as it is.
func TestTemplatesOfTheHelp(t *testing.T) {
	msg := message.NewObject("topic", `a "quoted" subject`,
		"answer", message.NewObject("text", "Yes", "value", "yes"),
		"payload", message.NewObject("user", message.NewObject("name", "hanako"),
			"original_message", message.NewObject("text", "May we?")))
	for _, lang := range formLanguages {
		question, err := slack.CompileMessage(examplesIn(t, "slack-ask", lang)[0])
		if err != nil {
			t.Fatal(err)
		}
		card, err := question.Render(nil, msg)
		if err != nil {
			t.Fatal(err)
		}
		choices, err := slack.Choices(card)
		if err != nil || len(choices) != 2 || choices[0].Value != "yes" || choices[1].Value != "no" {
			t.Errorf("%s: choices %v, %v", lang, choices, err)
		}
		echo, err := slack.CompileText(examplesIn(t, "slack-say", lang)[0])
		if err != nil {
			t.Fatal(err)
		}
		text, err := echo.Render(nil, msg)
		if err != nil || !strings.HasPrefix(text, "> May we?\nhanako") || !strings.HasSuffix(text, "Yes") {
			t.Errorf("%s: %q, %v", lang, text, err)
		}
	}
}
