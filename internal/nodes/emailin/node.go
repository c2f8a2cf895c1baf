package emailin

import (
	"cmp"
	"strings"
	"sync"
	"time"

	"toban/internal/locale"
	"toban/internal/mailx"
	"toban/internal/node"
)

// Node is one mailbox folder that is polled.
type Node struct {
	Protocol    string  `flow:"protocol" default:"IMAP"`
	Server      string  `flow:"server"`
	UseSSL      bool    `flow:"useSSL" default:"true"`
	AutoTLS     string  `flow:"autotls"` // never, always, required; absent in flows of old
	Port        int     `flow:"port"`
	Box         string  `flow:"box" default:"INBOX"`
	Disposition string  `flow:"disposition" default:"Read"` // Read, Delete, None
	Repeat      float64 `flow:"repeat" default:"300"`       // seconds
	Criteria    string  `flow:"criteria" default:"UNSEEN"`
	AuthType    string  `flow:"authtype" default:"BASIC"`
	Fetch       string  `flow:"fetch" default:"auto"`

	env  node.Env
	mail mailx.Config
	wake chan struct{} // ends a pause early

	mu      sync.Mutex
	pending *backlog // what a person is asked, nil if nothing
	chosen  *choice  // the decision, until the poller has taken it
}

const minRepeat = 1500 * time.Millisecond

// Register adds the node type.
func Register(r *node.Registry) {
	r.Add(node.Type{
		Name:        "e-mail in",
		New:         func() node.Node { return &Node{} },
		Credentials: []node.Credential{{Name: "userid"}, {Name: "password", Secret: true}},
	})
}

// Provision checks the configuration.
func (n *Node) Provision(env node.Env) (err error) {
	n.env, n.wake = env, make(chan struct{}, 1)
	if n.mail, err = n.Config(env.Credential); err != nil {
		return err
	}
	n.warn()
	return nil
}

// Config says how to reach the mailbox with these credentials, or what is
// missing. The folder is then in Box.
func (n *Node) Config(credential func(name string) string) (mailx.Config, error) {
	n.Server, n.Box = strings.TrimSpace(n.Server), cmp.Or(strings.TrimSpace(n.Box), "INBOX")
	c := mailx.Config{
		Host: n.Server, Port: n.Port, Security: n.security(),
		User: credential("userid"), Password: credential("password"),
	}
	switch {
	case !strings.EqualFold(n.Protocol, "IMAP"):
		return c, locale.Errorf("emailin.protocol", "protocol", n.Protocol)
	case n.AuthType != "" && n.AuthType != "BASIC":
		return c, locale.Errorf("emailin.auth_type", "type", n.AuthType)
	case n.Server == "":
		return c, locale.Errorf("emailin.no_server")
	case c.User == "":
		return c, locale.Errorf("emailin.no_credential", "field", locale.Errorf("emailin.field_userid"), "server", n.Server)
	case c.Password == "":
		return c, locale.Errorf("emailin.no_credential", "field", locale.Errorf("emailin.field_password"), "server", n.Server)
	}
	return c, nil
}

// security is how Node-RED's two properties say it. Flows of old have no
// autotls; their servers are spoken to with STARTTLS where they know it.
func (n *Node) security() mailx.Security {
	switch {
	case n.UseSSL:
		return mailx.TLS
	case n.AutoTLS == "never":
		return mailx.Plain
	case n.AutoTLS == "required":
		return mailx.StartTLS
	}
	return mailx.Opportunistic
}

// warn names the settings that can't be followed.
func (n *Node) warn() {
	if n.Criteria != "" && n.Criteria != "UNSEEN" {
		n.env.Log(node.Warn, locale.Errorf("emailin.criteria", "node", n.env.Label(), "criteria", n.Criteria))
	}
	if n.Fetch == "trigger" {
		n.env.Log(node.Warn, locale.Errorf("emailin.trigger", "node", n.env.Label()))
	}
}

func (n *Node) repeat() time.Duration {
	return max(minRepeat, time.Duration(n.Repeat*float64(time.Second)))
}

var (
	_ node.Provisioner = (*Node)(nil)
	_ node.Source      = (*Node)(nil)
	_ node.Chooser     = (*Node)(nil)
)
