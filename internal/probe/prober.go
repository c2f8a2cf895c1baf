package probe

import (
	"context"
	"strings"
	"sync"
	"time"

	"toban/internal/flow"
	"toban/internal/locale"
	"toban/internal/message"
	"toban/internal/node"
	"toban/internal/nodes/connection"
	"toban/internal/nodes/emailin"
	"toban/internal/nodes/slackconnection"
)

// The bounds of tries that people ask for.
const (
	patience = 20 * time.Second
	atOnce   = 4
)

// Options are what a Prober works with. All are required.
type Options struct {
	Types   *node.Registry
	DataDir string
	// Current is the deployed file; Resolve gives the properties of a node of it
	// with their variables (${NAME}) replaced.
	Current func() *flow.File
	Resolve func(n *message.Object) *message.Object
	// Credential gives a stored secret.
	Credential func(id, name string) string
	// SlackAPI is where Slack is; "" is Slack's own.
	SlackAPI string
	Zone     *time.Location
}

// Prober tries connections and pins keys. It is safe for concurrent use.
type Prober struct {
	o       Options
	slots   chan struct{}
	pinning sync.Mutex // one writer of known_hosts
}

// New makes a Prober.
func New(o Options) *Prober { return &Prober{o: o, slots: make(chan struct{}, atOnce)} }

// Request is a node as it stands in the editor.
type Request struct {
	ID, Type string
	Props    *message.Object
	// Typed are the credentials that somebody has typed. What is missing, or is
	// the editor's placeholder for a secret that it was not shown, is taken from
	// the stored ones of the node ID.
	Typed map[string]string
}

// HostKey is the key that an SSH host showed.
type HostKey struct {
	Host                   string // as the node names it
	Port                   int    // that it was reached at
	Address                string // as known_hosts names it
	Algorithm, Fingerprint string
	Known                  bool // pinned in the node, or in known_hosts
	Changed                bool // another key is known
}

// Report is what a try has found.
type Report struct {
	Findings []Finding
	HostKey  *HostKey // of an SSH host that could be reached
	secrets  []string
}

// Text is a finding's error as it may be shown: a server could say a secret
// back.
func (r Report) Text(lang locale.Lang, err error) string {
	text := lang.Err(err)
	for _, secret := range r.secrets {
		text = strings.ReplaceAll(text, secret, "***")
	}
	return text
}

// NewKey reports whether the host's key waits for a person to compare and pin it:
// a step of setting up a connection, and nothing wrong.
func (r Report) NewKey() bool { return r.HostKey != nil && !r.HostKey.Known && !r.HostKey.Changed }

// OK reports whether the connection works: nothing is wrong but what is only worth
// mending, and the host's key is known.
func (r Report) OK() bool {
	if r.NewKey() {
		return false
	}
	for _, f := range r.Findings {
		if f.Err != nil && !f.Warning {
			return false
		}
	}
	return true
}

// Can reports whether connections of a node type can be tried.
func Can(typ string) bool {
	return typ == "e-mail in" || typ == "connection" || typ == "slack-connection"
}

// Try tries a connection, within 20 s. The error says why it was not tried: its
// type can't be, the stored secret is for another host, or too many are tried.
func (p *Prober) Try(ctx context.Context, lang locale.Lang, r Request) (Report, error) {
	if !Can(r.Type) {
		return Report{}, locale.Errorf("probe.no_type", "type", r.Type)
	}
	done, err := p.begin()
	if err != nil {
		return Report{}, err
	}
	defer done()
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	creds, err := p.credentials(r)
	if err != nil {
		return Report{}, err
	}
	report := p.try(ctx, lang, r, creds.get)
	report.secrets = creds.secrets()
	return report, nil
}

// begin takes one of the places, or says that all are taken.
func (p *Prober) begin() (done func(), err error) {
	select {
	case p.slots <- struct{}{}:
		return func() { <-p.slots }, nil
	default:
		return nil, locale.Errorf("probe.busy")
	}
}

func (p *Prober) try(ctx context.Context, lang locale.Lang, r Request, credential func(string) string) Report {
	impl, props, err := p.decode(r.Type, r.Props)
	if err != nil {
		return wrong(lang, err)
	}
	switch impl := impl.(type) {
	case *emailin.Node:
		check, err := Mailbox(lang, impl, credential)
		if err != nil {
			return wrong(lang, err)
		}
		return Report{Findings: []Finding{{What: check.What, Err: check.Look(ctx)}}}
	case *connection.Connection:
		return p.host(ctx, lang, props.Text("name"), impl, credential)
	case *slackconnection.Connection:
		cfg, err := impl.Config(credential, lang, p.o.Zone)
		if err != nil {
			return wrong(lang, err)
		}
		cfg.APIURL = p.o.SlackAPI
		return Report{Findings: workspace(ctx, lang, cfg, p.channels(r.ID, cfg.OpsChannel))}
	}
	return Report{}
}

func wrong(lang locale.Lang, err error) Report {
	return Report{Findings: []Finding{{What: lang.Text("probe.node"), Err: err}}}
}

// decode gives a node with its variables replaced.
func (p *Prober) decode(typ string, raw *message.Object) (node.Node, *message.Object, error) {
	t, _ := p.o.Types.Lookup(typ)
	props := p.o.Resolve(raw)
	impl := t.New()
	return impl, props, node.Decode(props, impl)
}

// channels are those that the deployed flows name with a Slack connection, and
// the one for what has none. What a template makes is not known.
func (p *Prober) channels(id, ops string) []string {
	var list []string
	add := func(channel string) {
		if channel = strings.TrimSpace(channel); channel != "" && !strings.Contains(channel, "{{") {
			list = append(list, channel)
		}
	}
	add(ops)
	for _, n := range p.o.Current().Nodes {
		if id != "" && n.Text("slack") == id {
			add(n.Text("channel"))
		}
	}
	return list
}
