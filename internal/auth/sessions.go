package auth

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"sync"
	"time"
)

// SessionLife is how long a session lasts after its last use, as Node-RED's tokens.
const SessionLife = 7 * 24 * time.Hour

const (
	// renewAfter is how old a session's end may become before a use moves it:
	// then the file is written once a day and not with every request.
	renewAfter = 24 * time.Hour
	// maxSessions bounds the sessions of one user, those of people and of programs
	// each for themselves: a script that signs in every minute must not sign its
	// owner's browser out. The oldest one goes.
	maxSessions = 50
)

// sum is a token's SHA-256. Only sums are kept, so neither the file nor the
// time of a look-up tells anything about a token.
type sum [sha256.Size]byte

// MarshalText gives hexadecimal digits.
func (s sum) MarshalText() ([]byte, error) { return []byte(hex.EncodeToString(s[:])), nil }

// UnmarshalText reads them.
func (s *sum) UnmarshalText(text []byte) error {
	if len(text) != 2*len(s) {
		return hex.ErrLength
	}
	_, err := hex.Decode(s[:], text)
	return err
}

// session is somebody who has signed in, or a program that has a token.
type session struct {
	User  string    `json:"user"`
	Stamp string    `json:"stamp"`          // the user's at that time
	Until time.Time `json:"until,omitzero"` // zero: a program's token, which has no end
	// Program: whoever signed in asked for a token, as programs do.
	Program bool `json:"program,omitempty"`
	own     bool // of a program in this process; never written

	watchers map[*watcher]bool
}

// watcher is told when its session ends.
type watcher struct{ ended func() }

func (s *session) endless() bool { return s.Until.IsZero() }

func (s *session) over(now time.Time) bool { return !s.endless() && !now.Before(s.Until) }

// sessions are all of them. It is safe for concurrent use.
type sessions struct {
	file   string
	saving sync.Mutex // held while the file is written

	mu   sync.Mutex
	open map[sum]*session
}

func newToken() string {
	var b [32]byte
	_, _ = rand.Read(b[:]) // crypto/rand.Read never fails
	return hex.EncodeToString(b[:])
}

// issue begins a session and gives its token.
func (s *sessions) issue(x session) string {
	token := newToken()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.makeRoom(x.User, x.Program)
	s.open[sha256.Sum256([]byte(token))] = &x
	return token
}

// makeRoom ends what is over, and the oldest of a user's sessions of one kind if
// there are too many.
func (s *sessions) makeRoom(user string, program bool) {
	now, count := time.Now(), 0
	var oldest sum
	var first *session
	for key, x := range s.open {
		switch {
		case x.over(now):
			s.end(key)
		case x.User == user && x.Program == program && !x.endless():
			count++
			if first == nil || x.Until.Before(first.Until) {
				oldest, first = key, x
			}
		}
	}
	if count >= maxSessions {
		s.end(oldest)
	}
}

// end drops a session and tells whoever watches it; s.mu is held.
func (s *sessions) end(key sum) {
	for w := range s.open[key].watchers {
		w.ended()
	}
	delete(s.open, key)
}

// use gives a session's user and stamp. renewed tells that its end has moved.
func (s *sessions) use(token string) (x session, ok, renewed bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := sum(sha256.Sum256([]byte(token)))
	found := s.open[key]
	now := time.Now()
	if found == nil || found.over(now) {
		return session{}, false, false
	}
	// An end that is further away than any comes from a clock that was wrong.
	until := now.Add(SessionLife)
	if off := until.Sub(found.Until); !found.endless() && (off >= renewAfter || off < 0) {
		found.Until, renewed = until, true
	}
	return *found, true, renewed
}

// revoke ends one session. A program in this process keeps its own, whoever
// signs out through it.
func (s *sessions) revoke(token string) {
	s.endThose(func(key sum, x *session) bool { return key == sha256.Sum256([]byte(token)) && !x.own })
}

// endThose ends the sessions that which chooses.
func (s *sessions) endThose(which func(sum, *session) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for key, x := range s.open {
		if which(key, x) {
			s.end(key)
		}
	}
}

// watch calls ended once when the session ends before stop is called. ended
// must not call back.
func (s *sessions) watch(token string, ended func()) (stop func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	x := s.open[sha256.Sum256([]byte(token))]
	if x == nil {
		ended()
		return func() {}
	}
	w := &watcher{ended}
	if x.watchers == nil {
		x.watchers = map[*watcher]bool{}
	}
	x.watchers[w] = true
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(x.watchers, w)
	}
}

// withToken gives the users that have a program's token.
func (s *sessions) withToken() map[string]bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	names := map[string]bool{}
	for x := range maps.Values(s.open) {
		if x.endless() && !x.own {
			names[x.User] = true
		}
	}
	return names
}
