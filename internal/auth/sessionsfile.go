package auth

import (
	"encoding/json"
	"errors"
	"io/fs"

	"toban/internal/atomicfile"
	"toban/internal/failpoint"
	"toban/internal/locale"
)

// maxKept bounds the sessions that a file may hold.
const maxKept = maxUsers * (2*maxSessions + 1)

type sessionsContent struct {
	Sessions map[sum]*session `json:"sessions"`
}

// openSessions reads the sessions of a file. If that can't be read, there are
// none, and the error says so: everybody signs in again, and the server starts.
func openSessions(file string) (*sessions, error) {
	s := &sessions{file: file, open: map[sum]*session{}}
	data, err := readBounded(file)
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err == nil {
		s.open, err = parseSessions(data)
	}
	if err != nil {
		s.open = map[sum]*session{}
		return s, locale.Errorf("auth.sessions_file", "file", file).Because(err)
	}
	return s, nil
}

func parseSessions(data []byte) (map[sum]*session, error) {
	var content sessionsContent
	if err := json.Unmarshal(data, &content); err != nil {
		return nil, err
	}
	if len(content.Sessions) > maxKept {
		return nil, errors.New("too many sessions")
	}
	open := map[sum]*session{}
	for key, x := range content.Sessions {
		if x == nil || x.User == "" || x.Stamp == "" {
			return nil, errors.New("a session without its user")
		}
		open[key] = x
	}
	return open, nil
}

// save writes the sessions.
func (s *sessions) save() error {
	s.saving.Lock() // the last one to write has the newest content
	defer s.saving.Unlock()
	data, err := s.encode()
	if err == nil {
		failpoint.Here(failpoint.SessionsWriting)
		err = atomicfile.Write(s.file, data, 0o600)
	}
	if err != nil {
		return locale.Errorf("auth.cannot_write", "file", s.file).Because(err)
	}
	failpoint.Here(failpoint.SessionsWritten)
	return nil
}

func (s *sessions) encode() ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	content := sessionsContent{Sessions: map[sum]*session{}}
	for key, x := range s.open {
		if !x.own {
			content.Sessions[key] = x
		}
	}
	return json.Marshal(content)
}
