package policy

import (
	"encoding/json"
	"go/ast"
	"go/token"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

type text struct{ EN, JA string }

// catalogue gives every text of every texts.json, by key.
func catalogue(t *testing.T) map[string]text {
	t.Helper()
	all := map[string]text{}
	eachFile(t, func(name string, data []byte) {
		if path.Base(name) != "texts.json" {
			return
		}
		var part map[string]text
		if err := json.Unmarshal(data, &part); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for key, entry := range part {
			if _, twice := all[key]; twice {
				t.Errorf("%s defines %q, which another file defines too", name, key)
			}
			all[key] = entry
		}
	})
	return all
}

var place = regexp.MustCompile(`\{\w+\}`)

func TestTextsAreInBothLanguages(t *testing.T) {
	for key, entry := range catalogue(t) {
		if entry.EN == "" || entry.JA == "" {
			t.Errorf("%s: en %q, ja %q", key, entry.EN, entry.JA)
		}
		if en, ja := places(entry.EN), places(entry.JA); !slices.Equal(en, ja) {
			t.Errorf("%s: the places differ: en %v, ja %v", key, en, ja)
		}
	}
}

func places(s string) []string {
	found := place.FindAllString(s, -1)
	slices.Sort(found)
	return slices.Compact(found)
}

// keyCalls are the functions whose first argument is a key.
var keyCalls = map[string]bool{"Errorf": true, "Text": true, "HasKey": true}

func TestTextsThatCodeUsesExist(t *testing.T) {
	texts := catalogue(t)
	for _, f := range goFiles(t) {
		if f.test {
			continue
		}
		for _, key := range keysIn(f.ast) {
			if _, ok := texts[key]; !ok {
				t.Errorf("%s uses %q, which no texts.json defines", f.name, key)
			}
		}
	}
}

// keysIn finds the literal keys in calls of locale.Errorf, lang.Text and locale.HasKey.
func keysIn(file *ast.File) []string {
	var keys []string
	ast.Inspect(file, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		sel, ok := call.Fun.(*ast.SelectorExpr)
		if !ok || !keyCalls[sel.Sel.Name] {
			return true
		}
		if pkg, isName := sel.X.(*ast.Ident); isName && pkg.Name == "fmt" {
			return true
		}
		for _, arg := range call.Args {
			if key, isText := literal(arg); isText && looksLikeKey.MatchString(key) {
				keys = append(keys, key)
			}
			if !isKeyArgument(sel, arg) {
				break
			}
		}
		return true
	})
	return keys
}

// isKeyArgument reports whether the key may still come after arg: HasKey has it second.
func isKeyArgument(sel *ast.SelectorExpr, arg ast.Expr) bool {
	_, isText := literal(arg)
	return sel.Sel.Name == "HasKey" && !isText
}

var looksLikeKey = regexp.MustCompile(`^[a-z][\w-]*(\.[\w-]+)+$`)

func literal(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(lit.Value)
	return s, err == nil
}

// A text that nothing uses is dead: it misleads whoever translates.
func TestTextsAreUsed(t *testing.T) {
	used := usedWords(t)
	for key := range catalogue(t) {
		if !used.key(key) {
			t.Errorf("no code uses the text %q", key)
		}
	}
}

// usage is what stands in code, templates and scripts: words that could be
// keys, and the beginnings and ends that code puts together to keys, such as
// "server.state." and "_silent".
type usage struct{ words, beginnings, ends map[string]bool }

func (u usage) key(key string) bool {
	if u.words[key] {
		return true
	}
	for i, c := range key {
		if (c == '.' || c == '_') && u.beginnings[key[:i+1]] {
			return true
		}
		if (c == '.' || c == '_') && u.ends[key[i:]] && u.words[key[:i]] {
			return true
		}
	}
	return false
}

var (
	keyWord   = regexp.MustCompile(`[A-Za-z][\w-]*(?:\.[\w-]+)+`)
	beginning = regexp.MustCompile(`"([a-z][\w-]*(?:\.[\w-]+)*[._])"`)
	ending    = regexp.MustCompile(`"([._][a-z]\w*)"`)
	variable  = regexp.MustCompile(`\$\{(\w+)\}`)
)

// usedWords reads every file that could use a text.
func usedWords(t *testing.T) usage {
	t.Helper()
	u := usage{map[string]bool{}, map[string]bool{}, map[string]bool{}}
	collect := func(into map[string]bool, expr *regexp.Regexp, data []byte, prefix string) {
		for _, m := range expr.FindAllSubmatch(data, -1) {
			into[prefix+string(m[len(m)-1])] = true
		}
	}
	eachFile(t, func(name string, data []byte) {
		switch path.Ext(name) {
		case ".go", ".html", ".js", ".tmpl", ".gohtml":
		default:
			return
		}
		collect(u.words, keyWord, data, "")
		collect(u.beginnings, beginning, data, "")
		collect(u.ends, ending, data, "")
		if strings.HasPrefix(name, "internal/cli/") {
			collect(u.words, variable, data, "cli.help_") // see cli.helpVars
		}
	})
	return u
}
