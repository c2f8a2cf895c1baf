package vault

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"io/fs"
	"os"
	"strings"

	"golang.org/x/crypto/scrypt"

	"toban/internal/atomicfile"
	"toban/internal/locale"
)

// The kinds of key that a sealed file names.
const (
	fromFile   = "file"
	fromSecret = "secret"
)

const (
	keySize  = 32
	saltSize = 16
	// scryptCost keeps the derivation near 40 ms on a small machine, so that the
	// server still starts quickly.
	scryptCost = 1 << 14
)

// keyFor gives the key of a kind. salt is only used for a secret.
func (v *Vault) keyFor(kind string, salt []byte) ([]byte, error) {
	if kind == fromFile {
		return v.readKeyFile()
	}
	if v.secret == "" {
		return nil, locale.Errorf("vault.no_secret", "file", v.path)
	}
	if v.derived == nil || string(v.salt) != string(salt) {
		key, err := scrypt.Key([]byte(v.secret), salt, scryptCost, 8, 1, keySize)
		if err != nil {
			return nil, err
		}
		v.derived, v.salt = key, salt
	}
	return v.derived, nil
}

func (v *Vault) readKeyFile() ([]byte, error) {
	text, err := os.ReadFile(v.keyPath)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, locale.Errorf("vault.no_key", "file", v.path, "key", v.keyPath)
	}
	if err != nil {
		return nil, locale.Errorf("vault.read", "file", v.keyPath).Because(err)
	}
	key, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(key) != keySize {
		return nil, locale.Errorf("vault.bad_key", "key", v.keyPath)
	}
	return key, nil
}

// sealingKey gives the key for new contents; the key file is made the first time.
func (v *Vault) sealingKey() (kind string, salt, key []byte, err error) {
	if v.secret != "" {
		if salt = v.salt; salt == nil {
			salt = random(saltSize)
		}
		key, err = v.keyFor(fromSecret, salt)
		return fromSecret, salt, key, err
	}
	key, err = v.readKeyFile()
	if locale.HasKey(err, "vault.no_key") {
		key = random(keySize)
		text := base64.StdEncoding.EncodeToString(key) + "\n"
		if err := atomicfile.Write(v.keyPath, []byte(text), 0o600); err != nil {
			return "", nil, nil, locale.Errorf("vault.write", "file", v.keyPath).Because(err)
		}
		return fromFile, nil, key, nil
	}
	return fromFile, nil, key, err
}

func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // crypto/rand.Read never fails
	return b
}
