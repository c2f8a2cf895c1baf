// Package mishap tells of errors that nobody expected. Their text is for whoever looks
// after the server: it names files and addresses inside. Everybody else gets a short one
// with an id, by which the whole stands in the log.
package mishap

import (
	"crypto/rand"
	_ "embed"
	"log/slog"
	"net/http"
	"strings"

	"toban/internal/auth"
	"toban/internal/locale"
)

//go:embed texts.json
var texts []byte

var _ = locale.Register(texts)

// idLength is enough to find one error in a log.
const idLength = 8

// Told logs an error, in the log's language, and gives what to tell whoever sent
// the request.
func Told(r *http.Request, log *slog.Logger, lang locale.Lang, err error) error {
	id := strings.ToLower(rand.Text()[:idLength])
	who := auth.PersonFrom(r.Context())
	log.Error(lang.Err(err), "error", id, "method", r.Method, "path", r.URL.Path, "user", who.Name)
	if who.Role.May(auth.Manage) {
		return locale.Errorf("mishap.whole", "id", id).Because(err)
	}
	return locale.Errorf("mishap.short", "id", id)
}
