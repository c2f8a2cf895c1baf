package server

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base32"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/crypto/argon2"

	"toban/internal/atomicfile"
	"toban/internal/locale"
)

// AccountFile keeps the hash of the generated password in the data folder.
// Without the file a new password is generated at the next start.
const AccountFile = "admin_password"

// AdminUser is the name of the one account.
const AdminUser = "admin"

// The cost of a hash: OWASP's choice with the least memory (7 MiB, 5 passes),
// because the server is to stay small.
const (
	hashMemory = 7 << 10 // KiB
	hashPasses = 5
	hashLanes  = 1
	hashBytes  = 32
)

// Account is the admin's account: it knows the hash of the password only. It is
// safe for concurrent use.
type Account struct {
	salt, hash []byte
	one        chan struct{} // one hash at a time, so that guesses can't fill the memory
}

// NewAccount makes an account with a password.
func NewAccount(password string) *Account {
	salt := make([]byte, 16)
	_, _ = rand.Read(salt) // crypto/rand.Read never fails
	return &Account{salt: salt, hash: hashOf(password, salt), one: make(chan struct{}, 1)}
}

func hashOf(password string, salt []byte) []byte {
	return argon2.IDKey([]byte(password), salt, hashPasses, hashMemory, hashLanes, hashBytes)
}

// OpenAccount makes the account of a data folder. password is
// TOBAN_ADMIN_PASSWORD; if it is "", the generated one of an earlier start is
// valid, else a new one is generated and given back, to be shown once.
func OpenAccount(dir, password string) (a *Account, generated string, err error) {
	if password != "" {
		return NewAccount(password), "", nil
	}
	file := filepath.Join(dir, AccountFile)
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		generated = newPassword()
		a = NewAccount(generated)
		err = atomicfile.Write(file, []byte(a.encode()), 0o600)
	} else if err == nil {
		a, err = decodeAccount(string(text))
	}
	if err != nil {
		return nil, "", locale.Errorf("server.account_file", "file", file).Because(err)
	}
	return a, generated, nil
}

// newPassword is 100 random bits that can be read out over the phone.
func newPassword() string {
	var b [15]byte
	_, _ = rand.Read(b[:]) // crypto/rand.Read never fails
	text := strings.ToLower(base32.StdEncoding.EncodeToString(b[:]))[:20]
	return text[:5] + "-" + text[5:10] + "-" + text[10:15] + "-" + text[15:]
}

// check reports whether the password is right.
func (a *Account) check(user, password string) bool {
	a.one <- struct{}{}
	defer func() { <-a.one }()
	right := subtle.ConstantTimeCompare(hashOf(password, a.salt), a.hash) == 1
	return right && user == AdminUser
}

// The account file has argon2's usual text form.
const accountFormat = "$argon2id$v=19$m=%d,t=%d,p=%d$"

func (a *Account) encode() string {
	b64 := base64.RawStdEncoding
	return fmt.Sprintf(accountFormat, hashMemory, hashPasses, hashLanes) + b64.EncodeToString(a.salt) + "$" + b64.EncodeToString(a.hash) + "\n"
}

var errAccountFormat = errors.New("not a password hash as Toban writes it")

func decodeAccount(text string) (*Account, error) {
	rest, ok := strings.CutPrefix(strings.TrimSpace(text), fmt.Sprintf(accountFormat, hashMemory, hashPasses, hashLanes))
	salt, hash, two := strings.Cut(rest, "$")
	if !ok || !two {
		return nil, errAccountFormat
	}
	saltBytes, err1 := base64.RawStdEncoding.DecodeString(salt)
	hashed, err2 := base64.RawStdEncoding.DecodeString(hash)
	if err1 != nil || err2 != nil || len(hashed) != hashBytes || len(saltBytes) < 8 {
		return nil, errAccountFormat
	}
	return &Account{salt: saltBytes, hash: hashed, one: make(chan struct{}, 1)}, nil
}
