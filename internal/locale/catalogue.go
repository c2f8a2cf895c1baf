package locale

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
)

type entry struct {
	EN string `json:"en"`
	JA string `json:"ja"`
}

var (
	pending   [][]byte
	catalogue = sync.OnceValue(parseAll)
)

// Register adds a texts.json to the catalogue. It is called from package
// variables, before the first text is looked up; a file that is no catalogue
// panics at the first look-up, so every test finds it.
func Register(texts []byte) bool {
	pending = append(pending, texts)
	return true
}

func parseAll() map[string]entry {
	all := map[string]entry{}
	for _, texts := range pending {
		var part map[string]entry
		if err := json.Unmarshal(texts, &part); err != nil {
			panic(fmt.Sprintf("locale: a texts.json does not parse: %v", err))
		}
		for key, e := range part {
			if _, twice := all[key]; twice {
				panic(fmt.Sprintf("locale: text %q is defined twice", key))
			}
			all[key] = e
		}
	}
	return all
}

// Known lists all registered keys in order.
func Known() []string { return slices.Sorted(maps.Keys(catalogue())) }

// Text gives the text of key in the language, its places filled from pairs of
// name and value: lang.Text("ssh.refused", "host", host). An unknown key is its
// own text.
func (l Lang) Text(key string, pairs ...any) string {
	e, ok := catalogue()[key]
	if l == Keys || !ok {
		return key
	}
	text := e.EN
	if l == JA {
		text = e.JA
	}
	if len(pairs) == 0 {
		return text
	}
	return l.fill(text, pairs)
}

// inLanguage is a value that reads differently in each language: a Duration, an Error.
type inLanguage interface{ In(lang Lang) string }

func (l Lang) fill(text string, pairs []any) string {
	oldnew := make([]string, 0, len(pairs))
	for i := 0; i+1 < len(pairs); i += 2 {
		value := fmt.Sprint(pairs[i+1])
		if v, ok := pairs[i+1].(inLanguage); ok {
			value = v.In(l)
		}
		oldnew = append(oldnew, fmt.Sprintf("{%v}", pairs[i]), value)
	}
	return strings.NewReplacer(oldnew...).Replace(text)
}
