package console

import (
	"errors"
	"net/http"
	"strconv"

	"toban/internal/history"
	"toban/internal/locale"
	"toban/internal/store"
)

// step gives the whole values of a step as JSON (GET /runs/{id}/steps/{seq}).
func (l *look) step() error {
	id := l.r.PathValue("id")
	_, records, err := l.cfg.Store.Run(l.r.Context(), id)
	if errors.Is(err, store.ErrNotFound) {
		return noSuchRun(id)
	}
	if err != nil {
		return err
	}
	past, err := history.Read(records)
	if err != nil {
		return err
	}
	seq, err := strconv.Atoi(l.r.PathValue("seq"))
	if err != nil || seq < 0 || seq >= len(past.Steps) || past.Steps[seq] == nil {
		return &problem{http.StatusNotFound, locale.Errorf("console.no_such_step"), "console.back", "/runs/" + id}
	}
	l.w.Header().Set("Content-Type", "application/json; charset=utf-8")
	l.w.Header().Set("Cache-Control", "no-store")
	_, _ = l.w.Write([]byte(wholeStep(past.Steps[seq]))) // the reader may be gone
	return nil
}
