package server

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestRoutesAreClosed walks the whole table: what isn't listed here as open
// refuses whoever has no token.
func TestRoutesAreClosed(t *testing.T) {
	open := []string{"GET /{$}", "GET /healthz", "GET /auth/login", "POST /auth/token", "POST /slack/interactive"}
	s := &Server{tokens: newTokens(time.Now), crossOrigin: http.NewCrossOriginProtection()}
	for _, rt := range s.routes() {
		if slices.Contains(open, rt.pattern) {
			if rt.access < public {
				t.Errorf("%s is closed", rt.pattern)
			}
			continue
		}
		method, path, _ := strings.Cut(rt.pattern, " ")
		reached := false
		rt.handler = func(http.ResponseWriter, *http.Request) error { reached = true; return nil }
		for _, token := range []string{"", "Bearer", "Bearer ", "Bearer x", "Basic eDp5"} {
			r := httptest.NewRequest(method, "http://127.0.0.1"+path, nil)
			r.Header.Set("Authorization", token)
			w := httptest.NewRecorder()
			s.guard(rt).ServeHTTP(w, r)
			if reached || w.Code != http.StatusUnauthorized || w.Header().Get("WWW-Authenticate") == "" {
				t.Errorf("%s with %q: %d", rt.pattern, token, w.Code)
			}
		}
	}
}

// TestRoutesAreReserved: no flow may take a path of ours.
func TestRoutesAreReserved(t *testing.T) {
	for _, rt := range (&Server{}).routes() {
		_, path, _ := strings.Cut(rt.pattern, " ")
		if path = strings.TrimSuffix(path, "{$}"); !Reserved(path) {
			t.Errorf("%s is not reserved", path)
		}
	}
}

func TestOwnHost(t *testing.T) {
	s := &Server{cfg: Config{Hosts: []string{"toban.example"}}}
	for host, want := range map[string]bool{
		"127.0.0.1:1880": true, "[::1]:1880": true, "[::1]": true, "10.1.2.3": true, "localhost": true, "LOCALHOST.:80": true,
		"toban.example": true, "TOBAN.example.:443": true,
		"evil.example": false, "toban.example.evil.example": false, "127.0.0.1.evil.example": false, "": false, "localhost.evil": false,
	} {
		if got := s.ownHost(host); got != want {
			t.Errorf("%q: %v", host, got)
		}
	}
}

func TestTokensEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tokens := newTokens(time.Now)
		token := tokens.issue()
		time.Sleep(tokenLife - time.Second)
		if !tokens.valid(token) {
			t.Error("ended too early")
		}
		time.Sleep(time.Second)
		if tokens.valid(token) || tokens.valid("") {
			t.Error("a token that has ended is valid")
		}
		for range maxTokens + 10 {
			token = tokens.issue()
		}
		if len(tokens.ends) > maxTokens || !tokens.valid(token) {
			t.Errorf("%d tokens are kept", len(tokens.ends))
		}
	})
}

func TestGuessesAreSlowed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		guesses := newThrottle(time.Now)
		var waits []time.Duration
		for range 14 {
			guesses.failed("a")
			waits = append(waits, guesses.wait("a"))
			time.Sleep(guesses.wait("a"))
		}
		if waits[3] != 0 || waits[4] != time.Second || waits[5] != 2*time.Second || waits[13] != longestWait {
			t.Errorf("waits: %v", waits)
		}
		if guesses.wait("b") != 0 {
			t.Error("another address has to wait, too")
		}
		guesses.succeeded("a")
		guesses.failed("a")
		if guesses.wait("a") != 0 {
			t.Error("failures count on after a success")
		}
	})
}

func TestAccount(t *testing.T) {
	dir := t.TempDir()
	first, generated, err := OpenAccount(dir, "")
	if err != nil || len(generated) < 20 || !first.check(AdminUser, generated) {
		t.Fatalf("first start: %q, %v", generated, err)
	}
	info, err := os.Stat(filepath.Join(dir, AccountFile))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("file: %v, %v", info, err)
	}
	text, _ := os.ReadFile(filepath.Join(dir, AccountFile))
	if strings.Contains(string(text), generated) || !strings.HasPrefix(string(text), "$argon2id$") {
		t.Errorf("file holds %s", text)
	}
	again, shown, err := OpenAccount(dir, "")
	if err != nil || shown != "" || !again.check(AdminUser, generated) {
		t.Errorf("second start: %q, %v", shown, err)
	}
	if again.check("root", generated) || again.check(AdminUser, "") || again.check(AdminUser, generated+"x") {
		t.Error("a wrong user or password is taken")
	}
	set, shown, err := OpenAccount(dir, "from the environment")
	if err != nil || shown != "" || !set.check(AdminUser, "from the environment") || set.check(AdminUser, generated) {
		t.Errorf("with a password: %q, %v", shown, err)
	}
	if err := os.WriteFile(filepath.Join(dir, AccountFile), []byte("plain"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := OpenAccount(dir, ""); err == nil || !strings.Contains(err.Error(), AccountFile) {
		t.Errorf("a broken file: %v", err)
	}
}
