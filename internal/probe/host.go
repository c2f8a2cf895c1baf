package probe

import (
	"context"
	"crypto/subtle"
	"net"
	"strconv"
	"strings"

	"toban/internal/locale"
	"toban/internal/nodes/connection"
	"toban/internal/sshx"
)

// host asks an SSH host for its key, and logs in if the key is known: a password
// must not be sent to a host that nobody has vouched for.
func (p *Prober) host(ctx context.Context, lang locale.Lang, name string, c *connection.Connection, credential func(string) string) Report {
	cfg := c.Config(name, credential, p.o.DataDir)
	check := Host(lang, name, c, credential, p.o.DataDir)
	if cfg.Host == "" {
		return Report{Findings: []Finding{{What: check.What, Err: check.Look(ctx)}}}
	}
	seen, err := sshx.Pin(ctx, cfg)
	if err != nil {
		return Report{Findings: []Finding{{What: check.What, Err: err}}}
	}
	err = check.Look(ctx)
	key := &HostKey{
		Host: cfg.Host, Port: portOf(seen.Address), Address: seen.Address, Algorithm: seen.Type, Fingerprint: seen.Fingerprint,
		Known: trusted(err, cfg, seen), Changed: sshx.KindOf(err) == sshx.ChangedKey,
	}
	report := Report{HostKey: key}
	if !report.NewKey() { // nothing is found out about that one yet: a person is asked
		found := Finding{What: lang.Text("probe.host_key", "address", seen.Address, "type", seen.Type, "fingerprint", seen.Fingerprint)}
		if key.Changed {
			found.Err = err
		}
		report.Findings = append(report.Findings, found)
	}
	if kind := sshx.KindOf(err); kind != sshx.UnknownKey && kind != sshx.ChangedKey { // else nobody logged in
		report.Findings = append(report.Findings, Finding{What: check.What, Err: err})
	}
	return report
}

// portOf is the port of a known_hosts address.
func portOf(address string) int {
	if _, port, err := net.SplitHostPort(address); err == nil {
		if n, err := strconv.Atoi(port); err == nil {
			return n
		}
	}
	return 22
}

// trusted reports whether the key is known, by how the log-in went; one that
// never came to the key tells nothing, then the pins are read.
func trusted(err error, cfg sshx.Config, seen sshx.HostKey) bool {
	switch sshx.KindOf(err) {
	case sshx.UnknownKey, sshx.ChangedKey:
		return false
	case sshx.BadConfig, sshx.Unreachable:
		if cfg.HostKey != "" {
			return strings.Contains(cfg.HostKey, seen.Line)
		}
		return seen.Known(cfg.KnownHosts...) == nil
	}
	return true
}

// Pin asks a host for its key again and keeps it in the data folder's
// known_hosts, if it still is the one of the fingerprint that a person has
// compared. An error with one of the keys probe.other_key and
// ssh.changed_host_key says that it isn't.
func (p *Prober) Pin(ctx context.Context, host string, port int, fingerprint string) error {
	if host = strings.TrimSpace(host); host == "" || len(host) > 255 || strings.ContainsAny(host, " \t\r\n,") || port < 1 || port > 65535 {
		return locale.Errorf("probe.bad_host")
	}
	done, err := p.begin()
	if err != nil {
		return err
	}
	defer done()
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	key, err := sshx.Pin(ctx, sshx.Config{Host: host, Port: port}.WithUserFiles(p.o.DataDir))
	if err != nil {
		return err
	}
	if subtle.ConstantTimeCompare([]byte(key.Fingerprint), []byte(fingerprint)) != 1 {
		return locale.Errorf("probe.other_key", "fingerprint", key.Fingerprint)
	}
	p.pinning.Lock()
	defer p.pinning.Unlock()
	return key.Save(sshx.KnownHostsFile(p.o.DataDir), false)
}
