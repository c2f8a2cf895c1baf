package console

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"html/template"
	"net/http"
	"strconv"
	"time"

	"toban/internal/auth"
	"toban/internal/page"
)

// openHeader tells a page's script how many questions are open: what changes
// most isn't part of a page's version.
const openHeader = "Toban-Open"

// unchanged reports whether the reader has the page already, and answers then. A
// page's version is made of what can be known without reading anything: what it
// shows, by a number that changes with that; who reads it, in which language; and
// the minute, so that whatever changes otherwise is never older.
func (l *look) unchanged(shown uint64, more ...any) bool {
	reader := auth.PersonFrom(l.r.Context())
	sum := sha256.Sum256(fmt.Appendf(nil, "%q %q %q %q %q %d %d %q", l.cfg.Store.born, l.r.URL.RequestURI(), reader.Name, reader.Role,
		l.page.Lang, l.now.Truncate(time.Minute).Unix(), shown, more))
	l.tag = `"` + hex.EncodeToString(sum[:16]) + `"`
	l.page.Open = l.cfg.Store.countOpen() + len(l.decisions())
	l.w.Header().Set(openHeader, strconv.Itoa(l.page.Open))
	if l.r.Header.Get("If-None-Match") != l.tag {
		return false
	}
	l.w.Header().Set("ETag", l.tag)
	l.w.WriteHeader(http.StatusNotModified)
	return true
}

// show answers with a page that a script fetches again while it is open.
func (l *look) show(body *template.Template, view any) error {
	if !l.unsure {
		l.page.Tag = l.tag
	}
	l.page.Scripts = []string{"live.js", "times.js"}
	return page.Write(l.w, http.StatusOK, l.page, body, view)
}
