package auth

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
)

// The cost of a hash: OWASP's choice with the least memory (7 MiB, 5 passes),
// because the server is to stay small.
const (
	hashMemory = 7 << 10 // KiB
	hashPasses = 5
	hashLanes  = 1
	hashBytes  = 32
	saltBytes  = 16
)

// hash is a password's argon2id hash. The zero hash fits no password.
type hash struct{ salt, sum []byte }

func newHash(password string) hash {
	salt := make([]byte, saltBytes)
	_, _ = rand.Read(salt) // crypto/rand.Read never fails
	return hash{salt, sumOf(password, salt)}
}

func sumOf(password string, salt []byte) []byte {
	return argon2.IDKey([]byte(password), salt, hashPasses, hashMemory, hashLanes, hashBytes)
}

func (h hash) isZero() bool { return len(h.sum) == 0 }

// fits takes as long for the zero hash as for any other, so that nobody learns
// from the time which users there are.
func (h hash) fits(password string) bool {
	salt := h.salt
	if h.isZero() {
		salt = make([]byte, saltBytes)
	}
	return subtle.ConstantTimeCompare(sumOf(password, salt), h.sum) == 1
}

// Files have argon2's usual text form; the zero hash is "".
var hashFormat = fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$", argon2.Version, hashMemory, hashPasses, hashLanes)

var b64 = base64.RawStdEncoding

func (h hash) String() string {
	if h.isZero() {
		return ""
	}
	return hashFormat + b64.EncodeToString(h.salt) + "$" + b64.EncodeToString(h.sum)
}

// MarshalText gives the text form.
func (h hash) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

var errHashFormat = errors.New("not a password hash as Toban writes it")

// UnmarshalText reads the text form.
func (h *hash) UnmarshalText(text []byte) error {
	*h = hash{}
	if len(text) == 0 {
		return nil
	}
	rest, ok := strings.CutPrefix(string(text), hashFormat)
	salt, sum, two := strings.Cut(rest, "$")
	if !ok || !two {
		return errHashFormat
	}
	saltRaw, err1 := b64.DecodeString(salt)
	sumRaw, err2 := b64.DecodeString(sum)
	if err1 != nil || err2 != nil || len(sumRaw) != hashBytes || len(saltRaw) < 8 {
		return errHashFormat
	}
	*h = hash{saltRaw, sumRaw}
	return nil
}
