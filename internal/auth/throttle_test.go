package auth

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestGuessesAreSlowed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		guesses := newThrottle()
		a, b := network(netip.MustParseAddr("192.0.2.1")), network(netip.MustParseAddr("192.0.2.2"))
		var waits []time.Duration
		for range 14 {
			guesses.failed(a, "hanako")
			waits = append(waits, guesses.wait(a))
			time.Sleep(guesses.wait(a))
		}
		if waits[3] != 0 || waits[4] != time.Second || waits[5] != 2*time.Second || waits[13] != longestWait {
			t.Errorf("waits: %v", waits)
		}
		if guesses.wait(b) != 0 {
			t.Error("another address has to wait, too")
		}
		guesses.succeeded(a, "hanako")
		guesses.failed(a, "hanako")
		if guesses.wait(a) != 0 {
			t.Error("failures count on after a success")
		}
		for i := range 3 * maxRemembered {
			guesses.failed(network(netip.MustParseAddr(fmt.Sprintf("2001:db8:%x::1", i))), "hanako")
		}
		if len(guesses.counts) > maxRemembered {
			t.Errorf("%d networks are remembered", len(guesses.counts))
		}
	})
}

// TestNetworks: whoever has an IPv6 network has all of its addresses.
func TestNetworks(t *testing.T) {
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"192.0.2.1", "192.0.2.1", true}, {"192.0.2.1", "::ffff:192.0.2.1", true}, {"192.0.2.1", "192.0.2.2", false},
		{"2001:db8::1", "2001:db8::ffff:1", true}, {"2001:db8::1", "2001:db8:0:1::1", false},
	} {
		if same := network(netip.MustParseAddr(c.a)) == network(netip.MustParseAddr(c.b)); same != c.same {
			t.Errorf("%s and %s: %v", c.a, c.b, same)
		}
	}
}

// TestTooManyGuesses: after five wrong passwords even the right one waits, also
// when a password is changed.
func TestTooManyGuesses(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		k := open(t, dir, adminPassword)
		must(t, k.Add("hanako", Viewer, userPassword))
		for i := range freeFailures {
			_, err := k.SignIn(t.Context(), here, []string{"hanako", "nobody"}[i%2], "wrong")
			if !errors.Is(err, ErrWrong) || !strings.Contains(err.Error(), "wrong user or password") {
				t.Errorf("guess %d: %v", i, err)
			}
		}
		_, err := k.SignIn(t.Context(), here, "hanako", userPassword)
		early, ok := errors.AsType[*WaitError](err)
		if !ok || early.Seconds() != 1 || !strings.Contains(err.Error(), "wait 1 s") {
			t.Fatalf("the sixth guess: %v", err)
		}
		if _, err := k.ChangePassword(t.Context(), here, "hanako", userPassword, userPassword); !errors.As(err, &early) {
			t.Errorf("changing the password: %v", err)
		}
		time.Sleep(early.Wait)
		signIn(t, k, "hanako", userPassword)
	})
}

// TestOwnSignInsForgiveNoGuesses: whoever has an account can't guess the admin's
// password between sign-ins of their own.
func TestOwnSignInsForgiveNoGuesses(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		k := open(t, dir, adminPassword)
		must(t, k.Add("hanako", Viewer, userPassword))
		guess := func(name string) error {
			_, err := k.SignIn(t.Context(), here, name, "wrong")
			return err
		}
		var early *WaitError
		for i := range freeFailures - 1 {
			if err := guess([]string{"admin", "Admin "}[i%2]); !errors.Is(err, ErrWrong) {
				t.Fatal(err)
			}
		}
		signIn(t, k, "hanako", userPassword)
		if err := guess("admin"); !errors.Is(err, ErrWrong) {
			t.Fatal(err)
		}
		if err := guess("admin"); !errors.As(err, &early) {
			t.Fatalf("a sign-in of their own has forgiven their guesses: %v", err)
		}
		time.Sleep(early.Wait)
		signIn(t, k, "admin", adminPassword)
		if err := guess("admin"); !errors.Is(err, ErrWrong) {
			t.Errorf("after the right password: %v", err)
		}
		for range freeFailures - 1 {
			_ = guess("admin")
		}
		time.Sleep(forgetAfter + longestWait)
		if err := guess("admin"); !errors.Is(err, ErrWrong) {
			t.Fatal(err)
		}
		if err := guess("admin"); !errors.Is(err, ErrWrong) {
			t.Errorf("an old failure counts still: %v", err)
		}
	})
}

// TestManyNames: what is remembered of a network is bounded, and counts still.
func TestManyNames(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		guesses, from := newThrottle(), network(here)
		for i := range 10 * maxTried {
			guesses.failed(from, fmt.Sprint("user", i))
		}
		guesses.failed(from, strings.Repeat("n", 1<<20))
		if n := len(guesses.counts[from].tried); n > maxTried {
			t.Errorf("%d names are remembered", n)
		}
		guesses.succeeded(from, "user1")
		if guesses.wait(from) != longestWait {
			t.Errorf("a wait of %s", guesses.wait(from))
		}
	})
}
