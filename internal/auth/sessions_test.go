package auth

import (
	"crypto/sha256"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestSessionsAreBounded: one user's sessions push out that user's oldest only.
func TestSessionsAreBounded(t *testing.T) {
	k := open(t, t.TempDir(), adminPassword)
	must(t, k.Add("hanako", Viewer, userPassword))
	others, err := k.NewToken(AdminName)
	must(t, err)
	var first, last string
	for i := range maxSessions + 10 {
		last = k.sessions.issue(session{User: "hanako", Stamp: k.users.find("hanako").Stamp, Until: time.Now().Add(SessionLife + time.Duration(i))})
		if first == "" {
			first = last
		}
	}
	if n := len(k.sessions.open); n != maxSessions+1 || person(k, first).Known() || !person(k, last).Known() || !person(k, others).Known() {
		t.Errorf("%d sessions are kept", n)
	}
}

// TestProgramsDontSignPeopleOut: a script that signs in every minute has room of
// its own.
func TestProgramsDontSignPeopleOut(t *testing.T) {
	dir := t.TempDir()
	k := open(t, dir, adminPassword)
	browser := signIn(t, k, AdminName, adminPassword)
	first, err := k.SignInProgram(t.Context(), here, AdminName, adminPassword)
	must(t, err)
	for range maxSessions {
		k.begin(k.users.find(AdminName), true)
	}
	if !person(k, browser).Known() || person(k, first).Known() {
		t.Error("a script has signed a browser out, or has more than its room")
	}
	k = open(t, dir, adminPassword)
	k.begin(k.users.find(AdminName), true)
	if n := len(k.sessions.open); n != maxSessions+1 || !person(k, browser).Known() {
		t.Errorf("after a start: %d sessions", n)
	}
}

// TestTheFullestFile: as many sessions as there may be fit into what is read at the
// next start.
func TestTheFullestFile(t *testing.T) {
	full := &sessions{file: filepath.Join(t.TempDir(), SessionsFile), open: map[sum]*session{}}
	for i := range maxKept {
		full.open[sha256.Sum256([]byte(strconv.Itoa(i)))] = &session{User: strings.Repeat("u", maxName), Stamp: newStamp(),
			Until: time.Now().Add(SessionLife), Program: true}
	}
	must(t, full.save())
	if again, err := openSessions(full.file); err != nil || len(again.open) != maxKept {
		t.Errorf("%d sessions are back: %v", len(again.open), err)
	}
}
