package connection

import (
	_ "embed"
	"strings"

	"toban/internal/locale"
	"toban/internal/node"
	"toban/internal/sshx"
)

//go:embed texts.json
var texts []byte

var _ = locale.Register(texts)

// Connection is one account on one host. Credentials: password, or privateKey
// with its passphrase; with neither, the SSH agent of the server is asked.
type Connection struct {
	Host     string `flow:"host"` // name, address, or alias in ~/.ssh/config
	Port     int    `flow:"port"` // 0: 22, or as ~/.ssh/config says
	Username string `flow:"username"`
	HostKey  string `flow:"hostKey"` // authorized_keys line; "": known_hosts decides
	// Resumable runs commands as jobs that the host keeps a record of, so that
	// their outcome can be asked for after a crash. POSIX shells only.
	Resumable bool `flow:"resumable"`

	client *sshx.Client
}

// Register adds the type to a registry.
func Register(r *node.Registry) {
	r.Add(node.Type{
		Name: "connection", Config: true,
		New: func() node.Node { return &Connection{} },
		Credentials: []node.Credential{
			{Name: "password", Secret: true}, {Name: "privateKey", Secret: true}, {Name: "passphrase", Secret: true},
		},
	})
}

// Provision checks the settings. The host is dialled by the first command: a
// host that is down is no reason not to deploy.
func (c *Connection) Provision(env node.Env) (err error) {
	if c.Port < 0 || c.Port > 65535 {
		return locale.Errorf("connection.bad_port", "port", c.Port)
	}
	c.client, err = sshx.New(c.Config(env.Name(), env.Credential, env.DataDir()))
	return err
}

// Config says how to reach the host, for the node of this name with these
// credentials.
func (c *Connection) Config(name string, credential func(name string) string, dataDir string) sshx.Config {
	return sshx.Config{
		Name:       name,
		Host:       strings.TrimSpace(c.Host),
		Port:       c.Port,
		User:       strings.TrimSpace(c.Username),
		HostKey:    c.HostKey,
		Password:   credential("password"),
		PrivateKey: credential("privateKey"),
		Passphrase: credential("passphrase"),
		Resumable:  c.Resumable,
	}.WithUserFiles(dataDir)
}

// SSH is the client for the host.
func (c *Connection) SSH() *sshx.Client { return c.client }

// Close closes the connection. Commands that still run on it have an unknown outcome.
func (c *Connection) Close(bool) error {
	if c.client == nil {
		return nil
	}
	return c.client.Close()
}

var (
	_ node.Provisioner = (*Connection)(nil)
	_ node.Closer      = (*Connection)(nil)
	_ sshx.Connection  = (*Connection)(nil)
)
