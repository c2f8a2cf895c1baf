package vault

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/json"
	"errors"
	"io/fs"
	"os"

	"toban/internal/atomicfile"
	"toban/internal/locale"
)

// Vault is one encrypted file. It is not safe for concurrent use.
type Vault struct {
	path, keyPath, secret string

	derived, salt []byte // of secret, derived once
}

// New gives the vault of a file. keyPath is where the key is kept if secret is
// "". Nothing is read or written yet.
func New(path, keyPath, secret string) *Vault {
	return &Vault{path: path, keyPath: keyPath, secret: secret}
}

// sealed is the file's content.
type sealed struct {
	Version int    `json:"toban"`
	Key     string `json:"key"` // file, secret
	Salt    []byte `json:"salt,omitempty"`
	Nonce   []byte `json:"nonce"`
	Data    []byte `json:"data"`
}

const version = 1

// header is what is authenticated besides the data.
func (s *sealed) header() []byte {
	return append([]byte{byte(s.Version), byte(len(s.Key))}, append([]byte(s.Key), s.Salt...)...)
}

// Load decrypts the file. No file gives nil. A wrong key, and a file that was
// changed, is an error that says what to do; nothing is overwritten.
func (v *Vault) Load() ([]byte, error) {
	text, err := os.ReadFile(v.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, locale.Errorf("vault.read", "file", v.path).Because(err)
	}
	var s sealed
	if err := json.Unmarshal(text, &s); err != nil || s.Version != version || s.Key != fromFile && s.Key != fromSecret {
		return nil, locale.Errorf("vault.format", "file", v.path)
	}
	key, err := v.keyFor(s.Key, s.Salt)
	if err != nil {
		return nil, err
	}
	aead, err := newAEAD(key)
	if err != nil {
		return nil, err
	}
	if len(s.Nonce) != aead.NonceSize() {
		return nil, locale.Errorf("vault.format", "file", v.path)
	}
	plain, err := aead.Open(nil, s.Nonce, s.Data, s.header())
	if err != nil {
		return nil, v.wrongKey(s.Key)
	}
	return plain, nil
}

func (v *Vault) wrongKey(kind string) error {
	if kind == fromSecret {
		return locale.Errorf("vault.wrong_secret", "file", v.path)
	}
	return locale.Errorf("vault.wrong_key", "file", v.path, "key", v.keyPath)
}

// Save encrypts plain and replaces the file.
func (v *Vault) Save(plain []byte) error {
	kind, salt, key, err := v.sealingKey()
	if err != nil {
		return err
	}
	aead, err := newAEAD(key)
	if err != nil {
		return err
	}
	s := sealed{Version: version, Key: kind, Salt: salt, Nonce: random(aead.NonceSize())}
	s.Data = aead.Seal(nil, s.Nonce, plain, s.header())
	text, err := json.Marshal(s)
	if err != nil {
		return err
	}
	if err := atomicfile.Write(v.path, append(text, '\n'), 0o600); err != nil {
		return locale.Errorf("vault.write", "file", v.path).Because(err)
	}
	return nil
}

func newAEAD(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}
