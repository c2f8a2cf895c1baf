package flowstore

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"toban/internal/flow"
	"toban/internal/locale"
	"toban/internal/message"
	"toban/internal/vault"
)

// The files in the data folder.
const (
	flowsName       = "flows.json"
	credentialsName = "flows_cred.json"
	keyName         = "credential.key"
)

// Store is the flow file and its credentials. It is safe for concurrent use.
type Store struct {
	dir   string
	types Types
	vault *vault.Vault

	mu          sync.RWMutex
	credentials secrets
	// settled says that the credentials' file holds exactly these.
	settled bool
}

// secrets are credentials by node id in the flow file.
type secrets map[string]*message.Object

// Open reads the credentials of a data folder; it writes nothing. secret is
// TOBAN_CREDENTIAL_SECRET; "" uses a key file in the folder. Credentials that
// can't be decrypted are an error, so that no deploy overwrites them.
func Open(dir, secret string, types Types) (*Store, error) {
	s := &Store{
		dir: dir, types: types,
		vault: vault.New(filepath.Join(dir, credentialsName), filepath.Join(dir, keyName), secret),
	}
	plain, err := s.vault.Load()
	if err != nil {
		return nil, err
	}
	kept, err := decode(plain)
	if err != nil {
		return nil, locale.Errorf("vault.format", "file", filepath.Join(dir, credentialsName))
	}
	var flows []byte
	if s.settled = kept.under == nil; !s.settled {
		if flows, err = s.flows(); err != nil {
			return nil, err
		}
	}
	s.credentials = kept.fitting(flows)
	return s, nil
}

// flows gives the flow file's bytes, nil if there is none.
func (s *Store) flows() ([]byte, error) {
	path := filepath.Join(s.dir, flowsName)
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, locale.Errorf("flowstore.read", "file", path).Because(err)
	}
	return text, nil
}

// Load reads the flow file. A folder without one gives an empty file. Credentials
// that somebody wrote into the file are left where they are until the next Save.
func (s *Store) Load() (*flow.File, error) {
	text, err := s.flows()
	if text == nil {
		return &flow.File{}, err
	}
	file, err := flow.Parse(text)
	if err != nil {
		return nil, locale.Errorf("flowstore.read", "file", filepath.Join(s.dir, flowsName)).Because(err)
	}
	return file, nil
}
