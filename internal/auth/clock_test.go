package auth

import (
	"testing"
	"testing/synctest"
	"time"
)

// TestSessionsOfAWrongClock: who signed in while the clock was years ahead is
// signed in for no longer than others once it is right again.
func TestSessionsOfAWrongClock(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		k := open(t, dir, adminPassword)
		token := signIn(t, k, AdminName, adminPassword)
		k.sessions.mu.Lock()
		for _, x := range k.sessions.open {
			x.Until = x.Until.AddDate(10, 0, 0) // what such a clock wrote
		}
		k.sessions.mu.Unlock()
		if person(k, token).Name != AdminName {
			t.Fatal("the session is over")
		}
		time.Sleep(SessionLife + time.Hour)
		if got := person(k, token); got.Name != "" {
			t.Errorf("the session goes on: %+v", got)
		}
	})
}
