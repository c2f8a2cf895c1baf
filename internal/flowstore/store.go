package flowstore

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"toban/internal/atomicfile"
	"toban/internal/failpoint"
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
	credentials map[string]*message.Object // by node id in the file
}

// Open reads the credentials of a data folder. secret is
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
	s.credentials, err = decode(plain)
	if err != nil {
		return nil, locale.Errorf("vault.format", "file", filepath.Join(dir, credentialsName))
	}
	return s, nil
}

func decode(plain []byte) (map[string]*message.Object, error) {
	all := map[string]*message.Object{}
	if plain == nil {
		return all, nil
	}
	v, err := message.ParseJSON(string(plain))
	if err != nil {
		return nil, err
	}
	obj, ok := v.(*message.Object)
	if !ok {
		return nil, errors.New("no object")
	}
	for id, creds := range obj.All() {
		if creds, ok := creds.(*message.Object); ok {
			all[id] = creds
		}
	}
	return all, nil
}

func encode(all map[string]*message.Object) []byte {
	b := message.NewBuilder(len(all))
	for _, id := range slices.Sorted(maps.Keys(all)) {
		b.Set(id, all[id])
	}
	return message.AppendJSON(nil, b.Object())
}

// Load reads the flow file. A folder without one gives an empty file. Credentials
// that somebody wrote into the file are left where they are until the next Save.
func (s *Store) Load() (*flow.File, error) {
	path := filepath.Join(s.dir, flowsName)
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return &flow.File{}, nil
	}
	if err == nil {
		var file *flow.File
		if file, err = flow.Parse(data); err == nil {
			return file, nil
		}
	}
	return nil, locale.Errorf("flowstore.read", "file", path).Because(err)
}

// Save stores a deployed file. It gives the file without credentials, which is
// what to build and to show, and the ids of nodes whose credentials changed.
// After an error the old file and its credentials are still there.
func (s *Store) Save(file *flow.File) (clean *flow.File, changed []string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	clean, sent := file.SplitCredentials()
	merged := maps.Clone(s.credentials)
	maps.Copy(merged, file.Credentials)
	for id, creds := range file.Credentials {
		if !message.Equal(creds, s.credentials[id]) {
			changed = append(changed, id)
		}
	}
	for _, n := range clean.Nodes {
		id := n.Text("id")
		if sent[id] == nil {
			continue
		}
		before := merged[id]
		if merged[id] = s.merge(n.Text("type"), before, sent[id]); !message.Equal(merged[id], before) {
			changed = append(changed, id)
		}
	}
	if err := s.write(clean, merged); err != nil {
		return nil, nil, err
	}
	slices.Sort(changed)
	return clean, slices.Compact(changed), nil
}

// write puts both files onto the disk. Credentials of deleted nodes go last:
// after a crash in between, the old flow file still has all of its own.
func (s *Store) write(clean *flow.File, merged map[string]*message.Object) error {
	before := s.credentials
	if err := s.seal(merged); err != nil {
		return err
	}
	failpoint.Here(failpoint.CredentialsStored)
	path := filepath.Join(s.dir, flowsName)
	if err := atomicfile.Write(path, clean.Pretty(), 0o644); err != nil {
		return errors.Join(locale.Errorf("flowstore.write", "file", path).Because(err), s.seal(before))
	}
	failpoint.Here(failpoint.FlowsWritten)
	kept := map[string]*message.Object{}
	for _, n := range clean.Nodes {
		if creds := merged[n.Text("id")]; creds != nil && creds.Len() > 0 {
			kept[n.Text("id")] = creds
		}
	}
	err := s.seal(kept)
	failpoint.Here(failpoint.CredentialsTrimmed)
	return err
}

func (s *Store) seal(creds map[string]*message.Object) error {
	same := func(a, b *message.Object) bool { return message.Equal(a, b) }
	if maps.EqualFunc(creds, s.credentials, same) {
		return nil
	}
	if err := s.vault.Save(encode(creds)); err != nil {
		return err
	}
	s.credentials = creds
	return nil
}
