package page

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"mime"
	"net/http"
	"path"
)

// Root is where our files are served.
const Root = "/console/"

//go:embed static
var static embed.FS

// asset is one of our files, with the version that its content makes.
type asset struct {
	data          []byte
	kind, version string
}

var assets = readAssets()

func readAssets() map[string]asset {
	entries, err := static.ReadDir("static")
	if err != nil {
		panic(err) // it is part of the binary
	}
	all := map[string]asset{}
	for _, e := range entries {
		data, err := static.ReadFile(path.Join("static", e.Name()))
		if err != nil {
			panic(err)
		}
		sum := sha256.Sum256(data)
		all[e.Name()] = asset{data, kindOf(e.Name()), hex.EncodeToString(sum[:8])}
	}
	return all
}

// kindOf is a file's media type; ours is not left to the machine's own table.
func kindOf(name string) string {
	switch path.Ext(name) {
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	default:
		return mime.TypeByExtension(path.Ext(name))
	}
}

// assetPath is the address of one of our files: a changed file has another.
func assetPath(name string) string { return Root + name + "?v=" + assets[name].version }

// ServeFile answers with one of our files; false if there is none of that name.
func ServeFile(w http.ResponseWriter, r *http.Request, name string) bool {
	f, ok := assets[name]
	if !ok {
		return false
	}
	h, tag := w.Header(), `"`+f.version+`"`
	h.Set("ETag", tag)
	h.Set("Cache-Control", "public, no-cache")
	if r.URL.Query().Get("v") == f.version {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	if r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return true
	}
	h.Set("Content-Type", f.kind)
	_, _ = w.Write(f.data) // the reader may be gone
	return true
}
