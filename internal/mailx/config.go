package mailx

import (
	"crypto/x509"
	"net"
	"strconv"
	"time"
)

// Security says how a connection is encrypted.
type Security int

// The ways to connect. Opportunistic uses STARTTLS if the server knows it and
// goes on without encryption if not; a server that offers it with a bad
// certificate is refused.
const (
	TLS           Security = iota // encrypted from the first byte, usually port 993
	StartTLS                      // upgraded before the login, or refused
	Opportunistic                 // upgraded if the server can
	Plain                         // never encrypted
)

// Config says which mailbox server to use and how.
type Config struct {
	Host     string
	Port     int // 0: 993 for TLS, else 143
	Security Security
	User     string
	Password string
	// Roots are the authorities to trust instead of the system's; nil in production.
	Roots *x509.CertPool
	// Stall is how long the server may be silent within an operation, 30 s if
	// zero; Limit how long one operation may take altogether, 5 min if zero.
	Stall, Limit time.Duration
	// MaxMail is the size in bytes from which a mail is fetched only in part, 10 MiB if zero.
	MaxMail int64
}

// The defaults of Config.
const (
	defaultStall   = 30 * time.Second
	defaultLimit   = 5 * time.Minute
	defaultMaxMail = 10 << 20
)

func (c Config) withDefaults() Config {
	if c.Port == 0 {
		c.Port = 143
		if c.Security == TLS {
			c.Port = 993
		}
	}
	if c.Stall <= 0 {
		c.Stall = defaultStall
	}
	if c.Limit <= 0 {
		c.Limit = defaultLimit
	}
	if c.MaxMail <= 0 {
		c.MaxMail = defaultMaxMail
	}
	return c
}

// address is host:port, also for IPv6 addresses.
func (c Config) address() string { return net.JoinHostPort(c.Host, strconv.Itoa(c.Port)) }
