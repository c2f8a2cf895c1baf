package sshx

import (
	"errors"
	"net"
	"os"
	"slices"

	"github.com/skeema/knownhosts"
	"golang.org/x/crypto/ssh"
	xknownhosts "golang.org/x/crypto/ssh/knownhosts"
)

// hostKeys decides whether a host is who it says it is.
type hostKeys struct {
	pinned []ssh.PublicKey // when set, nothing else counts
	files  []string
}

func newHostKeys(f failures, c Config) (hostKeys, error) {
	h := hostKeys{files: c.KnownHosts}
	rest := []byte(c.HostKey)
	for len(rest) > 0 {
		key, _, _, next, err := ssh.ParseAuthorizedKey(rest)
		if err != nil {
			break
		}
		h.pinned, rest = append(h.pinned, key), next
	}
	if c.HostKey != "" && len(h.pinned) == 0 {
		return hostKeys{}, f.make(BadConfig, "ssh.bad_host_key", nil)
	}
	return h, nil
}

// verdict is what a check of one host key found; it outlives the error that
// x/crypto makes of it.
type verdict struct{ err *Error }

// check gives the callback and the key algorithms to ask the host at address
// for. Only algorithms of the keys that we know are asked for, so that a host
// with several keys shows the one that we can recognise.
func (h hostKeys) check(f failures, address string) (ssh.HostKeyCallback, []string, *verdict, error) {
	v := &verdict{}
	if h.pinned != nil {
		return v.record(f, address, h.isPinned), algorithms(keyTypes(h.pinned)), v, nil
	}
	db, err := h.load()
	if err != nil {
		return nil, nil, nil, f.make(BadConfig, "ssh.bad_known_hosts", err)
	}
	return v.record(f, address, db.HostKeyCallback()), algorithms(db.HostKeyAlgorithms(address)), v, nil
}

func (h hostKeys) load() (*knownhosts.HostKeyDB, error) {
	var there []string
	for _, file := range h.files {
		if _, err := os.Stat(file); err == nil {
			there = append(there, file)
		}
	}
	return knownhosts.NewDB(there...)
}

func (h hostKeys) isPinned(_ string, _ net.Addr, key ssh.PublicKey) error {
	for _, known := range h.pinned {
		if string(known.Marshal()) == string(key.Marshal()) {
			return nil
		}
	}
	return errors.New("not the pinned key")
}

// record wraps a check so that its failure can be told apart afterwards.
func (v *verdict) record(f failures, address string, check ssh.HostKeyCallback) ssh.HostKeyCallback {
	return func(host string, remote net.Addr, key ssh.PublicKey) error {
		err := check(host, remote, key)
		if err == nil {
			return nil
		}
		pairs := []any{"address", address, "fingerprint", ssh.FingerprintSHA256(key), "type", key.Type()}
		_, revoked := errors.AsType[*xknownhosts.RevokedError](err)
		switch {
		case revoked:
			v.err = f.make(ChangedKey, "ssh.revoked_host_key", err, pairs...)
		case knownhosts.IsHostUnknown(err):
			v.err = f.make(UnknownKey, "ssh.unknown_host_key", err, pairs...)
		default:
			v.err = f.make(ChangedKey, "ssh.changed_host_key", err, pairs...)
		}
		return v.err
	}
}

func keyTypes(keys []ssh.PublicKey) []string {
	var types []string
	for _, k := range keys {
		types = append(types, k.Type())
	}
	return types
}

// algorithms turns key types into signature algorithms, without SHA-1. Without
// any key known, ed25519 is asked for first: it is what people pin.
func algorithms(types []string) []string {
	if len(types) == 0 {
		return preferred()
	}
	var algos []string
	for _, t := range types {
		if t == ssh.KeyAlgoRSA {
			algos = append(algos, ssh.KeyAlgoRSASHA512, ssh.KeyAlgoRSASHA256)
			continue
		}
		if t == ssh.CertAlgoRSAv01 {
			algos = append(algos, ssh.CertAlgoRSASHA512v01, ssh.CertAlgoRSASHA256v01)
			continue
		}
		algos = append(algos, t)
	}
	slices.Sort(algos)
	return slices.Compact(algos)
}

func preferred() []string {
	first := []string{ssh.KeyAlgoED25519, ssh.KeyAlgoECDSA256}
	all := ssh.SupportedAlgorithms().HostKeys
	return append(first, slices.DeleteFunc(all, func(a string) bool { return slices.Contains(first, a) })...)
}
