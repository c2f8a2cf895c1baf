package editor

import (
	"compress/gzip"
	"io"
	"net/http"
	"path"
	"strconv"

	"toban/internal/page"
)

// Serve answers with the file of a name, or not at all: found says which.
func (a *Assets) Serve(w http.ResponseWriter, r *http.Request, name string) (found bool, err error) {
	m, err := a.load()
	if err != nil {
		return false, err
	}
	f, ok := m.Files[name]
	if !ok {
		return false, nil
	}
	h := w.Header()
	tag := `"` + f.ETag + `"`
	h.Set("ETag", tag)
	h.Set("Cache-Control", cacheFor(r, m.Version))
	h.Add("Vary", "Accept-Encoding")
	if r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return true, nil
	}
	h.Set("Content-Type", f.Type)
	return true, a.send(w, r, f)
}

// cacheFor lets browsers keep what they asked for by its version; what has no
// version they keep, too, but ask each time whether it is still the same.
func cacheFor(r *http.Request, version string) string {
	if r.URL.Query().Get("v") == version {
		return "private, max-age=31536000, immutable"
	}
	return "private, no-cache"
}

func (a *Assets) send(w http.ResponseWriter, r *http.Request, f file) error {
	stored, err := a.fsys.Open(path.Join("files", f.ETag))
	if err != nil {
		return err
	}
	defer func() { _ = stored.Close() }() // nothing was written
	var content io.Reader = stored
	switch {
	case f.Gzip && page.TakesGzip(r):
		w.Header().Set("Content-Encoding", "gzip")
	case f.Gzip:
		if content, err = gzip.NewReader(stored); err != nil {
			return err
		}
		fallthrough
	default:
		w.Header().Set("Content-Length", strconv.FormatInt(f.Size, 10))
	}
	_, _ = io.Copy(w, content) // the client may be gone
	return nil
}
