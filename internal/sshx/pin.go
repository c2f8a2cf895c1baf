package sshx

import (
	"bytes"
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"

	"github.com/skeema/knownhosts"
	"golang.org/x/crypto/ssh"

	"toban/internal/atomicfile"
)

// HostKey is a host's key as a person compares and pins it.
type HostKey struct {
	Address     string // host:port, as known_hosts names it
	Type        string // ssh-ed25519 …
	Fingerprint string // SHA256:…
	Line        string // for authorized_keys and the connection's hostKey
	key         ssh.PublicKey
}

var errSeen = errors.New("the host key has been seen")

// Pin asks the host that c names for its key, without logging in. The key is
// only what the network says: a person compares the fingerprint with what the
// host's owner says, then [HostKey.Save] keeps it. Jump hosts on the way are
// verified and logged in to with c's credentials.
func Pin(ctx context.Context, c Config) (HostKey, error) {
	d, err := pinDialer(c)
	if err != nil {
		return HostKey{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, d.timeout)
	defer cancel()
	last := len(d.hops) - 1
	target, way := d.hops[last], *d
	way.hops = d.hops[:last]
	clients, err := way.dial(ctx)
	if err != nil {
		return HostKey{}, err
	}
	defer closeAll(clients)
	conn, err := reach(ctx, clients, target.address())
	if err != nil {
		return HostKey{}, d.unreachable(ctx, d.failures, target, err)
	}
	var seen ssh.PublicKey
	_, err = handshake(ctx, conn, target.address(), &ssh.ClientConfig{
		User:              target.user,
		HostKeyAlgorithms: plainAlgorithms(),
		HostKeyCallback: func(_ string, _ net.Addr, key ssh.PublicKey) error {
			seen = key
			return errSeen
		},
	})
	if seen == nil {
		return HostKey{}, d.refused(ctx, d.failures, target, err)
	}
	return newHostKey(target.address(), seen), nil
}

// pinDialer needs no credentials and no user, unless there is a jump host.
func pinDialer(c Config) (*dialer, error) {
	if c.User == "" {
		c.User = "toban"
	}
	c = c.withDefaults()
	f := failures{host: c.label()}
	hops, err := route(f, c)
	if err != nil {
		return nil, err
	}
	d := &dialer{failures: f, hops: hops, files: c.KnownHosts, keys: hostKeys{files: c.KnownHosts}, timeout: c.DialTimeout}
	if len(hops) > 1 {
		d.creds, err = newCredentials(f, c)
	}
	return d, err
}

// plainAlgorithms leaves certificates out: a certificate is nothing to pin.
func plainAlgorithms() []string {
	var plain []string
	for _, a := range preferred() {
		if !strings.Contains(a, "-cert-") {
			plain = append(plain, a)
		}
	}
	return plain
}

func newHostKey(address string, key ssh.PublicKey) HostKey {
	return HostKey{
		Address:     knownhosts.Normalize(address),
		Type:        key.Type(),
		Fingerprint: ssh.FingerprintSHA256(key),
		Line:        strings.TrimSpace(string(ssh.MarshalAuthorizedKey(key))),
		key:         key,
	}
}

// Known says how the key compares with what the files know: nil when it is
// known, else an error of kind [UnknownKey] or [ChangedKey].
func (k HostKey) Known(files ...string) error {
	check, _, _, err := hostKeys{files: files}.check(failures{host: k.Address}, k.dialled())
	if err != nil {
		return err
	}
	return check(k.dialled(), nowhere{}, k.key)
}

// dialled is the address with its port.
func (k HostKey) dialled() string {
	if host, port, err := net.SplitHostPort(k.Address); err == nil {
		return net.JoinHostPort(host, port)
	}
	return net.JoinHostPort(k.Address, "22")
}

// nowhere stands for the peer's address, of which we know none: only the name counts.
type nowhere struct{}

func (nowhere) Network() string { return "tcp" }
func (nowhere) String() string  { return "0.0.0.0:0" }

// Save writes the key into a known_hosts file, which is made if need be. Other
// keys that the file has for this address are replaced only if replace says
// so; otherwise they make it an error of kind [ChangedKey].
func (k HostKey) Save(file string, replace bool) error {
	err := k.Known(file)
	if err == nil {
		return nil
	}
	if KindOf(err) == ChangedKey && !replace {
		return err
	}
	old, err := os.ReadFile(file)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	text := withoutHost(old, k.Address)
	text = append(text, knownhosts.Line([]string{k.Address}, k.key)+"\n"...)
	if err := atomicfile.MakeFolder(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	return atomicfile.Write(file, text, 0o600)
}

// withoutHost drops the lines that name only this address, so that no key that
// the host once had is trusted any more.
func withoutHost(text []byte, address string) []byte {
	var kept []byte
	for line := range bytes.Lines(text) {
		if names, _, _ := bytes.Cut(line, []byte(" ")); string(names) == address {
			continue
		}
		kept = append(kept, line...)
	}
	if len(kept) > 0 && !bytes.HasSuffix(kept, []byte("\n")) {
		kept = append(kept, '\n')
	}
	return kept
}
