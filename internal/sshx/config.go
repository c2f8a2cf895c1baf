package sshx

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// Config says how to reach a host and who to be there.
type Config struct {
	Name string // what people call it; may be empty
	Host string // name, address, or alias in ConfigFile
	Port int    // 0: as ConfigFile says, else 22
	User string // "": as ConfigFile says

	// With neither a password nor a key the SSH agent is asked.
	Password   string
	PrivateKey string // PEM or OpenSSH format
	Passphrase string // of PrivateKey
	Agent      string // socket of the SSH agent, "" for none

	HostKey    string   // authorized_keys lines; when set nothing else is trusted
	KnownHosts []string // known_hosts files; missing ones are skipped
	ConfigFile string   // ssh_config for HostName, Port, User, ProxyJump; may be missing

	DialTimeout time.Duration // TCP, handshake and log-in together; 0: 15 s
	KeepAlive   time.Duration // between keepalives; 0: 15 s
	Idle        time.Duration // until an unused connection is closed; 0: 1 min
	MaxSessions int           // commands at once; 0: 8 (OpenSSH allows 10)

	// Resumable says that commands are to run as jobs, see [Client.RunJob].
	Resumable bool
	// JobHosts is a file of the accounts that have run jobs; "": not remembered.
	JobHosts string
}

// WithUserFiles gives c with the SSH files of the person who runs the program
// (known_hosts and config in ~/.ssh, the agent in SSH_AUTH_SOCK), and
// known_hosts of the data folder in front. dataDir may be empty.
func (c Config) WithUserFiles(dataDir string) Config {
	if dataDir != "" {
		c.KnownHosts = append(c.KnownHosts, KnownHostsFile(dataDir))
		c.JobHosts = filepath.Join(dataDir, "job_hosts")
	}
	if home, err := os.UserHomeDir(); err == nil {
		c.KnownHosts = append(c.KnownHosts, filepath.Join(home, ".ssh", "known_hosts"))
		c.ConfigFile = filepath.Join(home, ".ssh", "config")
	}
	c.Agent = os.Getenv("SSH_AUTH_SOCK")
	return c
}

// KnownHostsFile is where a data folder keeps the host keys that were pinned.
func KnownHostsFile(dataDir string) string { return filepath.Join(dataDir, "known_hosts") }

func (c Config) withDefaults() Config {
	if c.DialTimeout == 0 {
		c.DialTimeout = 15 * time.Second
	}
	if c.KeepAlive == 0 {
		c.KeepAlive = 15 * time.Second
	}
	if c.Idle == 0 {
		c.Idle = time.Minute
	}
	if c.MaxSessions == 0 {
		c.MaxSessions = 8
	}
	return c
}

// label names the connection in texts: "util server (ops@203.0.113.5:22)".
func (c Config) label() string {
	at := c.Host
	if c.Port != 0 && c.Port != 22 {
		at = net.JoinHostPort(c.Host, strconv.Itoa(c.Port))
	}
	if c.User != "" {
		at = c.User + "@" + at
	}
	if c.Name == "" || c.Name == c.Host {
		return at
	}
	return fmt.Sprintf("%s (%s)", c.Name, at)
}
