package flowstore

import (
	"bytes"
	"errors"
	"maps"
	"path/filepath"
	"slices"

	"toban/internal/atomicfile"
	"toban/internal/failpoint"
	"toban/internal/flow"
	"toban/internal/locale"
	"toban/internal/message"
)

// Saved is what a Save stored.
type Saved struct {
	// File is the file without credentials, which is what to build and to show.
	File *flow.File
	// Changed are the ids of the nodes whose credentials changed.
	Changed []string
	undo    func() error
}

// Undo brings back the flow file and the credentials that the Save replaced: the
// deploy failed, and what doesn't run now must not run at the next start.
func (s Saved) Undo() error { return s.undo() }

// Save stores a deployed file. After an error the old file and its credentials
// are still there.
func (s *Store) Save(file *flow.File) (Saved, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	old, err := s.flows()
	if err != nil {
		return Saved{}, err
	}
	clean, sent := file.SplitCredentials()
	before := s.credentials
	next, changed := s.merged(retyped(old, clean), file, clean, sent)
	if err := s.put(old, clean.Pretty(), next); err != nil {
		return Saved{}, err
	}
	return Saved{File: clean, Changed: changed, undo: func() error {
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.put(clean.Pretty(), old, before)
	}}, nil
}

// retyped are the nodes that have another type than in the old file. What was
// stored for the one type is not for the other: as a subflow, whose credentials
// are variables, a node would show a mailbox's password to flows.
func retyped(old []byte, clean *flow.File) map[string]bool {
	file, err := flow.Parse(old)
	if err != nil { // then nothing ran from it
		return nil
	}
	was := map[string]string{}
	for _, n := range file.Nodes {
		was[n.Text("id")] = n.Text("type")
	}
	changed := map[string]bool{}
	for _, n := range clean.Nodes {
		if typ, known := was[n.Text("id")]; known && typ != n.Text("type") {
			changed[n.Text("id")] = true
		}
	}
	return changed
}

// merged gives the credentials of a file's nodes, and the nodes whose changed.
// Those of nodes with another type begin anew.
func (s *Store) merged(anew map[string]bool, file, clean *flow.File, sent map[string]*message.Object) (next secrets, changed []string) {
	all := maps.Clone(s.credentials)
	maps.DeleteFunc(all, func(id string, _ *message.Object) bool { return anew[id] })
	maps.Copy(all, file.Credentials)
	next = secrets{}
	for _, n := range clean.Nodes {
		id := n.Text("id")
		if sent[id] != nil {
			all[id] = s.merge(n.Text("type"), all[id], sent[id])
		}
		if creds := all[id]; creds != nil && creds.Len() > 0 {
			next[id] = creds
		}
	}
	for id, creds := range all {
		if !message.Equal(creds, s.credentials[id]) {
			changed = append(changed, id)
		}
	}
	for id := range anew {
		if _, again := all[id]; !again && s.credentials[id] != nil {
			changed = append(changed, id)
		}
	}
	slices.Sort(changed)
	return next, changed
}

// put replaces the flow file and the credentials together: whenever the power
// goes, the flow file that is there then finds its own credentials. nil is no file.
func (s *Store) put(old, text []byte, next secrets) error {
	same := s.settled && next.equal(s.credentials)
	if !same && !bytes.Equal(old, text) {
		if err := s.seal(kept{now: next, under: &deploying{sum(old), sum(text), s.credentials}}); err != nil {
			return err
		}
	}
	failpoint.Here(failpoint.CredentialsStored)
	if err := s.replaceFlows(text); err != nil {
		return errors.Join(err, s.putBack(old))
	}
	failpoint.Here(failpoint.FlowsWritten)
	if !same {
		// An error leaves the old credentials in the file as well, encrypted, until
		// the next deploy; they are not used. But they are all that a deploy of new
		// credentials alone has written.
		if err := s.seal(kept{now: next}); err != nil && bytes.Equal(old, text) {
			return err
		}
	}
	s.credentials = next
	failpoint.Here(failpoint.CredentialsTrimmed)
	return nil
}

// putBack undoes what a failed put may have done: a flow file counts as not
// written as soon as its folder could not be synced.
func (s *Store) putBack(old []byte) error {
	text, err := s.flows()
	if err == nil && !bytes.Equal(text, old) {
		err = s.replaceFlows(old)
	}
	if err == nil && !s.settled {
		err = s.seal(kept{now: s.credentials})
	}
	return err
}

func (s *Store) replaceFlows(text []byte) (err error) {
	path := filepath.Join(s.dir, flowsName)
	if text == nil {
		err = atomicfile.Remove(path)
	} else {
		err = atomicfile.Write(path, text, 0o600)
	}
	if err != nil {
		return locale.Errorf("flowstore.write", "file", path).Because(err)
	}
	return nil
}

// seal writes the credentials' file.
func (s *Store) seal(k kept) error {
	s.settled = false
	if err := s.vault.Save(k.encode()); err != nil {
		return err
	}
	s.settled = k.under == nil
	return nil
}
