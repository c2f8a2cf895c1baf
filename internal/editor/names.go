package editor

import (
	"net/http"
	"slices"
	"strings"
)

// Static is the file that a path asks for, as it stands.
func Static(r *http.Request) string { return strings.TrimPrefix(r.URL.Path, "/") }

// Catalogue is the file of texts for GET /locales/{namespace}?lng=.
func Catalogue(r *http.Request) string {
	return "locales/" + r.URL.Query().Get("lng") + "/" + r.PathValue("namespace") + ".json"
}

// Nodes is the file for GET /nodes: the forms, if HTML is asked for, else the list.
func (a *Assets) Nodes(r *http.Request) string {
	if wantsHTML(r) {
		return "nodes/" + a.language(r) + ".html"
	}
	return "nodes.json"
}

// Plugins is the file for GET /plugins.
func Plugins(r *http.Request) string {
	if wantsHTML(r) {
		return "plugins.html"
	}
	return "plugins.json"
}

// Messages is the catalogue of node types or plugins: GET /{kind}/messages?lng=.
func Messages(kind string, r *http.Request) string {
	return kind + "/messages/" + r.URL.Query().Get("lng") + ".json"
}

func wantsHTML(r *http.Request) bool { return strings.Contains(r.Header.Get("Accept"), "text/html") }

// language is the first of the reader's languages that the editor has; English
// if there is none. The editor sends its own choice alone.
func (a *Assets) language(r *http.Request) string {
	have := a.Languages()
	for part := range strings.SplitSeq(r.Header.Get("Accept-Language"), ",") {
		tag, _, _ := strings.Cut(strings.TrimSpace(part), ";")
		base, _, _ := strings.Cut(tag, "-")
		for _, lang := range have {
			if strings.EqualFold(lang, tag) || strings.EqualFold(lang, base) {
				return lang
			}
		}
		if i := slices.IndexFunc(have, func(lang string) bool { return strings.HasPrefix(lang, base+"-") }); i >= 0 && base != "" {
			return have[i]
		}
	}
	return "en-US"
}
