package server

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"sync"
	"time"
)

// The life of a token, as Node-RED's, and the number of tokens at the same time.
const (
	tokenLife = 7 * 24 * time.Hour
	maxTokens = 1000
)

// tokens are the signed-in sessions. Only their hashes are kept, so a look-up
// tells nothing about a token by the time that it takes.
type tokens struct {
	mu    sync.Mutex
	ends  map[[sha256.Size]byte]time.Time
	clock func() time.Time
}

// issue makes a token.
func (t *tokens) issue() string {
	var b [32]byte
	_, _ = rand.Read(b[:]) // crypto/rand.Read never fails
	token := hex.EncodeToString(b[:])
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.clock()
	if len(t.ends) >= maxTokens {
		maps.DeleteFunc(t.ends, func(_ [sha256.Size]byte, end time.Time) bool { return !now.Before(end) })
	}
	if len(t.ends) >= maxTokens { // still: the oldest goes
		t.dropOldest()
	}
	t.ends[sha256.Sum256([]byte(token))] = now.Add(tokenLife)
	return token
}

func (t *tokens) dropOldest() {
	var oldest [sha256.Size]byte
	var first time.Time
	for hash, end := range t.ends {
		if first.IsZero() || end.Before(first) {
			oldest, first = hash, end
		}
	}
	delete(t.ends, oldest)
}

func (t *tokens) valid(token string) bool {
	hash := sha256.Sum256([]byte(token))
	t.mu.Lock()
	defer t.mu.Unlock()
	end, ok := t.ends[hash]
	return ok && t.clock().Before(end)
}

func (t *tokens) revoke(token string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.ends, sha256.Sum256([]byte(token)))
}

func newTokens(clock func() time.Time) *tokens {
	return &tokens{ends: map[[sha256.Size]byte]time.Time{}, clock: clock}
}
