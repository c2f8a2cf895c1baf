package doctor

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"toban/internal/flow"
	"toban/internal/node"
	"toban/internal/nodes/connection"
	"toban/internal/nodes/emailin"
	"toban/internal/nodes/slackask"
	"toban/internal/nodes/slackconnection"
	"toban/internal/nodes/slacksay"
	"toban/internal/probe"
	"toban/internal/slack"
)

// check looks at one thing.
type check func(ctx context.Context) Finding

// checks makes one for each mailbox and host, and tells the hub of the Slack
// connections on the way.
func (e *examination) checks() []check {
	var list []check
	for _, n := range e.graph.Order {
		t, ok := e.types.Lookup(n.Impl)
		if !ok {
			continue
		}
		impl := t.New()
		if err := node.Decode(n.Props, impl); err != nil {
			list = append(list, failed(e.text("doctor.node", "node", label(n)), err))
			continue
		}
		switch impl := impl.(type) {
		case *emailin.Node:
			list = append(list, e.mailbox(n, impl))
		case *connection.Connection:
			list = append(list, e.host(n, impl))
		case *slackconnection.Connection:
			list = append(list, e.workspace(n, impl)...)
		}
	}
	return list
}

func failed(what string, err error) check {
	return func(context.Context) Finding { return Finding{What: what, Err: err} }
}

// credentials looks up those of one node.
func (e *examination) credentials(n *flow.Node) func(name string) string {
	id := cmp.Or(n.Alias, n.ID)
	return func(name string) string { return e.credential(id, name) }
}

func (e *examination) mailbox(n *flow.Node, impl *emailin.Node) check {
	c, err := probe.Mailbox(e.options.Lang, impl, e.credentials(n))
	if err != nil {
		return failed(e.text("doctor.node", "node", label(n)), err)
	}
	return asked(c)
}

func (e *examination) host(n *flow.Node, impl *connection.Connection) check {
	return asked(probe.Host(e.options.Lang, n.Name, impl, e.credentials(n), e.options.DataDir))
}

func asked(c probe.Check) check {
	return func(ctx context.Context) Finding { return Finding{What: c.What, Err: c.Look(ctx)} }
}

// workspace adds a Slack connection to the hub, or says why it can't be.
func (e *examination) workspace(n *flow.Node, impl *slackconnection.Connection) []check {
	cfg, err := impl.Config(e.credentials(n), e.options.Lang, e.options.Zone)
	if err != nil {
		return []check{failed(e.text("doctor.node", "node", label(n)), err)}
	}
	e.hub.Connect(n.ID, cfg)
	return nil
}

// slack asks about the connections that flows use.
func (e *examination) slack(ctx context.Context, report func(Finding)) {
	channels := e.channels()
	if len(channels) == 0 && e.options.Slack.BotToken == "" {
		report(Finding{What: e.text("doctor.no_slack")})
		return
	}
	for _, f := range e.hub.Doctor(ctx, channels) {
		report(Finding{What: e.connectionName(f) + f.Text(e.options.Lang), Err: f.Err, Warning: f.Warning})
	}
}

func (e *examination) connectionName(f slack.Finding) string {
	if n := e.graph.Nodes[f.Connection]; n != nil {
		return label(n) + ": "
	}
	return ""
}

// channels lists the channels that nodes name, by connection. One that a
// template makes is not known before a message comes.
func (e *examination) channels() map[string][]string {
	found := map[string][]string{}
	add := func(connection, channel string) {
		channel = strings.TrimSpace(channel)
		if strings.Contains(channel, "{{") || channel == "" {
			return
		}
		if !slices.Contains(found[connection], channel) {
			found[connection] = append(found[connection], channel)
		}
	}
	for _, n := range e.graph.Order {
		switch n.Type {
		case "slack-say":
			var say slacksay.Say
			if node.Decode(n.Props, &say) == nil {
				add(say.Slack, say.Channel)
			}
		case "slack-ask":
			var ask slackask.Ask
			if node.Decode(n.Props, &ask) == nil {
				add(ask.Slack, ask.Channel)
			}
		}
	}
	if ops := e.options.Slack.OpsChannel; ops != "" {
		add("", ops)
	}
	return found
}

func label(n *flow.Node) string {
	if n.Name != "" {
		return n.Name
	}
	return n.Type + " " + n.ID
}
