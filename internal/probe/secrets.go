package probe

import (
	"slices"

	"toban/internal/locale"
	"toban/internal/message"
	"toban/internal/nodes/connection"
	"toban/internal/nodes/emailin"
	"toban/internal/sshx"
)

// unchanged is what an editor sends for a secret that it was not shown.
const unchanged = "__PWRD__"

// credentials are a request's: those that were typed, else the stored ones.
type credentials struct {
	values map[string]string
	secret []string
}

func (c credentials) get(name string) string { return c.values[name] }

// secrets are the values that must not be shown. Very short ones would blank
// out ordinary text, and protect nothing.
func (c credentials) secrets() []string {
	var list []string
	for _, name := range c.secret {
		if v := c.values[name]; len(v) >= 4 {
			list = append(list, v)
		}
	}
	slices.SortFunc(list, func(a, b string) int { return len(b) - len(a) })
	return list
}

// credentials puts a request's together. A stored secret is used only where it
// goes to what it was stored for.
func (p *Prober) credentials(r Request) (credentials, error) {
	t, _ := p.o.Types.Lookup(r.Type)
	stored := p.stored(r)
	c := credentials{values: map[string]string{}}
	var kept bool
	for _, decl := range t.Credentials {
		v, typed := r.Typed[decl.Name]
		if !typed || v == unchanged {
			v = ""
			if stored != nil {
				v = p.o.Credential(r.ID, decl.Name)
			}
			kept = kept || decl.Secret && v != ""
		}
		c.values[decl.Name] = v
		if decl.Secret {
			c.secret = append(c.secret, decl.Name)
		}
	}
	if !kept {
		return c, nil
	}
	before := func(name string) string { return p.o.Credential(r.ID, name) }
	if p.destination(r.Type, stored, before) != p.destination(r.Type, r.Props, c.get) {
		return credentials{}, locale.Errorf("probe.type_again")
	}
	return c, nil
}

// stored is the deployed node that a request is about; nil if there is none, or
// if it is of another type.
func (p *Prober) stored(r Request) *message.Object {
	for _, n := range p.o.Current().Nodes {
		if n.Text("id") == r.ID && r.ID != "" && n.Text("type") == r.Type {
			return n
		}
	}
	return nil
}

// destination says where a node's secrets go, and how well they are protected on
// the way. Two that are equal are the same place for the same user.
func (p *Prober) destination(typ string, raw *message.Object, credential func(string) string) any {
	type place struct {
		host, user, key string
		port            int
		security        any
	}
	impl, _, err := p.decode(typ, raw)
	if err != nil {
		return err // equal to nothing else
	}
	switch impl := impl.(type) {
	case *emailin.Node:
		cfg, _ := impl.Config(credential) // what is missing is told by the try itself
		return place{host: cfg.Host, port: cfg.Port, user: cfg.User, security: cfg.Security}
	case *connection.Connection:
		cfg := impl.Config("", credential, "")
		return place{host: cfg.Host, port: sshPort(cfg), user: cfg.User, key: cfg.HostKey}
	}
	return place{} // Slack: the token goes to Slack
}

func sshPort(c sshx.Config) int {
	if c.Port == 22 {
		return 0 // what no port means
	}
	return c.Port
}
