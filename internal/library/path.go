package library

import (
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"toban/internal/locale"
)

// The bounds of a path.
const (
	maxName  = 200 // bytes; file systems allow 255
	maxDepth = 10
)

// Types are what a library keeps.
var Types = []string{"flows", "functions", "templates"}

// locate gives the place of an entry in the folder: "flows/aws/stop.json".
func locate(typ, entry string) (string, error) {
	if !slices.Contains(Types, typ) {
		return "", locale.Errorf("library.unknown_type", "type", clip(typ))
	}
	entry = strings.Trim(entry, "/")
	if entry == "" {
		return typ, nil
	}
	names := strings.Split(entry, "/")
	if len(names) > maxDepth {
		return "", locale.Errorf("library.too_deep", "max", maxDepth)
	}
	for _, name := range names {
		if !goodName(name) {
			return "", locale.Errorf("library.bad_name", "name", clip(name))
		}
	}
	return path.Join(typ, entry), nil
}

// goodName refuses what leads elsewhere, what is hidden, and what some file
// systems can't store.
func goodName(name string) bool {
	switch {
	case name == "", len(name) > maxName, !utf8.ValidString(name):
		return false
	case strings.HasPrefix(name, "."), strings.HasSuffix(name, "."), strings.TrimSpace(name) != name:
		return false
	case strings.ContainsAny(name, `\/:*?"<>|`):
		return false
	}
	return !strings.ContainsFunc(name, unicode.IsControl)
}

// clip shortens a name for an error's text.
func clip(name string) string {
	name = strings.ToValidUTF8(name, "?")
	if r := []rune(name); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return name
}
