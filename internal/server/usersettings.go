package server

import (
	"context"
	"errors"
	"net/http"

	"toban/internal/auth"
	"toban/internal/locale"
	"toban/internal/message"
	"toban/internal/store"
)

// maxUserSettings bounds what is kept for one person, in bytes.
const maxUserSettings = 256 << 10

// settingsCursor is where the store keeps a person's settings.
const settingsCursor = "toban.settings."

// userSettingsRoutes are for what the editor keeps for each person: language,
// view, palette.
func (s *Server) userSettingsRoutes() []route {
	return []route{
		{pattern: "GET /settings/user", handler: s.getUserSettings, access: view},
		{pattern: "POST /settings/user", handler: s.postUserSettings, access: view, body: maxUserSettings},
	}
}

// getUserSettings gives the settings of who asks; {} if there are none (GET /settings/user).
func (s *Server) getUserSettings(w http.ResponseWriter, r *http.Request) error {
	settings, err := s.userSettings(r.Context(), auth.PersonFrom(r.Context()).Name)
	if err != nil {
		return err
	}
	return replyValue(w, settings)
}

// postUserSettings merges settings into those of who sends them (POST
// /settings/user), by Node-RED's rules: objects are merged, null deletes,
// everything else replaces.
func (s *Server) postUserSettings(w http.ResponseWriter, r *http.Request) error {
	sent, err := readMessage(r)
	if err != nil {
		return err
	}
	if sent == nil {
		return badBody(locale.Errorf("server.not_an_object"))
	}
	user := auth.PersonFrom(r.Context()).Name
	s.savingSettings.Lock() // two windows of one person may save at once
	defer s.savingSettings.Unlock()
	old, err := s.userSettings(r.Context(), user)
	if err != nil {
		return err
	}
	text := message.AppendJSON(nil, mergeSettings(old, sent))
	if len(text) > maxUserSettings {
		return fail(http.StatusRequestEntityTooLarge, "too_large", locale.Errorf("server.too_large"))
	}
	if err := s.cfg.Store.SetCursor(r.Context(), settingsCursor+user, text); err != nil {
		return err
	}
	return reply(w, http.StatusNoContent, nil)
}

func (s *Server) userSettings(ctx context.Context, user string) (*message.Object, error) {
	text, err := s.cfg.Store.Cursor(ctx, settingsCursor+user)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return nil, err
	}
	v, err := message.ParseJSON(string(text))
	if settings, ok := v.(*message.Object); ok && err == nil {
		return settings, nil
	}
	return message.NewObject(), nil
}

func mergeSettings(old, sent *message.Object) *message.Object {
	for name, v := range sent.All() {
		switch v := v.(type) {
		case message.Null:
			old = old.Without(name)
		case *message.Object:
			before, ok := old.Get(name).(*message.Object)
			if !ok {
				before = message.NewObject()
			}
			old = old.With(name, mergeSettings(before, v))
		default:
			old = old.With(name, v)
		}
	}
	return old
}
