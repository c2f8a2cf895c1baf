package slackask

import (
	"cmp"
	_ "embed"
	"strings"
	"time"

	"toban/internal/locale"
	"toban/internal/message"
	"toban/internal/node"
	"toban/internal/slack"
)

//go:embed texts.json
var texts []byte

var _ = locale.Register(texts)

// Ask asks in a channel.
type Ask struct {
	Slack        string        `flow:"slack"`   // connection, "" for the one from the environment
	Channel      string        `flow:"channel"` // id, name or #name; may hold mustache
	Msg          string        `flow:"msg"`     // a Slack message as JSON, with mustache
	Timeout      string        `flow:"timeout"`
	TimeoutUnits string        `flow:"timeoutUnits" default:"minutes"`
	Approvers    message.Value `flow:"approvers"` // Slack member ids; none means anyone in the channel

	hub        *slack.Hub
	env        node.Env
	connection string
	channel    *slack.Text
	message    *slack.Message
	timeout    time.Duration
	approvers  []string
}

// Register adds the type to a registry. Its questions are shown through hub.
func Register(r *node.Registry, hub *slack.Hub) {
	r.Add(node.Type{Name: "slack-ask", New: func() node.Node { return &Ask{hub: hub} }})
}

// Provision checks all that can be known before a message comes.
func (a *Ask) Provision(env node.Env) (err error) {
	a.env = env
	if a.timeout, err = duration(a.Timeout, a.TimeoutUnits); err != nil {
		return err
	}
	if a.approvers, err = memberIDs(a.Approvers); err != nil {
		return err
	}
	if a.channel, err = slack.CompileText(a.Channel); err != nil {
		return err
	}
	if a.message, err = slack.CompileMessage(a.Msg); err != nil {
		return err
	}
	if fixed := a.message.Shape(); fixed != nil && len(buttons(fixed)) == 0 {
		return locale.Errorf("slack-ask.no_buttons")
	}
	a.connection, err = a.hub.Use(env, a.Slack, true)
	return err
}

// buttons lists the choices of a message whose texts may not be rendered yet;
// what is wrong with them is said when they are.
func buttons(card *message.Object) []node.Choice {
	choices, err := slack.Choices(card)
	if err != nil {
		return make([]node.Choice, 1)
	}
	return choices
}

// Ask renders the question.
func (a *Ask) Ask(step node.Step, msg *message.Object) (*node.Question, error) {
	channel, err := a.channel.Plain(node.VarsOf(a.env), msg)
	if err != nil {
		return nil, err
	}
	channel = cmp.Or(strings.TrimSpace(channel), a.hub.OpsChannel(a.connection))
	if channel == "" {
		return nil, locale.Errorf("slack-ask.no_channel")
	}
	card, err := a.message.Render(node.VarsOf(a.env), msg)
	if err != nil {
		return nil, err
	}
	choices, err := slack.Choices(card)
	if err != nil {
		return nil, err
	}
	if len(choices) == 0 {
		return nil, locale.Errorf("slack-ask.no_buttons")
	}
	return &node.Question{
		Connection: a.connection, Channel: channel, Title: a.title(card), Card: card,
		Choices: choices, Timeout: a.timeout, Approvers: a.approvers,
	}, nil
}

// title is one line that names the question.
func (a *Ask) title(card *message.Object) string {
	text, _, _ := strings.Cut(strings.TrimSpace(slack.Unescape(card.Text("text"))), "\n")
	return cmp.Or(text, a.env.Label())
}

// Answered passes the message on with the answer.
func (a *Ask) Answered(step node.Step, msg *message.Object, answer node.Answer) error {
	card, err := a.message.Render(node.VarsOf(a.env), msg)
	if err != nil {
		return err
	}
	button, payload, err := slack.Legacy(card, answer)
	if err != nil {
		return err
	}
	step.Send(node.First(msg.With("answer", button).With("payload", payload)))
	return nil
}

var (
	_ node.Provisioner = (*Ask)(nil)
	_ node.Asker       = (*Ask)(nil)
)
