package slacksay

import (
	"cmp"
	"context"
	_ "embed"
	"strings"

	"toban/internal/locale"
	"toban/internal/message"
	"toban/internal/node"
	"toban/internal/slack"
)

//go:embed texts.json
var texts []byte

var _ = locale.Register(texts)

// Say posts to a channel.
type Say struct {
	Slack   string `flow:"slack"`   // connection, "" for the one from the environment
	Channel string `flow:"channel"` // id, name or #name; may hold mustache
	Msg     string `flow:"msg"`     // mustache
	Output  string `flow:"output" default:"str"`
	GoNext  bool   `flow:"gonext"` // there is an output, and it gets the message after the post

	hub        *slack.Hub
	env        node.Env
	connection string
	channel    *slack.Text
	text       *slack.Text    // output str
	message    *slack.Message // output json
}

// Register adds the type to a registry. It posts through hub.
func Register(r *node.Registry, hub *slack.Hub) {
	r.Add(node.Type{Name: "slack-say", New: func() node.Node { return &Say{hub: hub} }})
}

// Provision compiles the templates and finds the connection.
func (s *Say) Provision(env node.Env) (err error) {
	s.env = env
	if s.channel, err = slack.CompileText(s.Channel); err != nil {
		return err
	}
	switch cmp.Or(s.Output, "str") {
	case "str":
		s.text, err = slack.CompileText(s.Msg)
	case "json":
		s.message, err = slack.CompileMessage(s.Msg)
	default:
		err = locale.Errorf("slack-say.bad_output", "output", s.Output)
	}
	if err != nil {
		return err
	}
	s.connection, err = s.hub.Use(env, s.Slack, false)
	return err
}

// Plan renders the post.
func (s *Say) Plan(step node.Step, msg *message.Object) (*node.Effect, error) {
	post, err := s.post(step, msg)
	if err != nil {
		return nil, err
	}
	return &node.Effect{
		Policy: node.Repeat, Safe: true,
		// One channel's posts keep their order, and don't hold up another channel's.
		Resource: "slack " + s.connection + " " + post.Channel, Serial: true,
		Channel: post.Channel, Connection: s.connection,
		Preview:   node.Preview{Action: s.env.Lang().Text("slack-say.action"), Target: "#" + strings.TrimPrefix(post.Channel, "#"), Detail: detail(post)},
		Rehearsed: func() node.Outputs { return s.next(msg) },
		Perform: func(ctx context.Context, key node.Key) (node.Outputs, error) {
			if err := s.hub.Say(ctx, post, key); err != nil {
				return nil, err
			}
			return s.next(msg), nil
		},
		Observe: func(ctx context.Context, a node.Attempt) (node.Observation, error) {
			seen, err := s.hub.Said(ctx, post, a)
			if seen.Happened == node.Happened {
				seen.Outputs = s.next(msg)
			}
			return seen, err
		},
	}, nil
}

func (s *Say) next(msg *message.Object) node.Outputs {
	if !s.GoNext {
		return nil
	}
	return node.First(msg)
}

func (s *Say) post(step node.Step, msg *message.Object) (p slack.Post, err error) {
	p = slack.Post{Connection: s.connection, Rehearsal: step.Rehearsal()}
	vars := node.VarsOf(s.env)
	if p.Channel, err = s.channel.Plain(vars, msg); err != nil {
		return p, err
	}
	p.Channel = cmp.Or(strings.TrimSpace(p.Channel), s.hub.OpsChannel(s.connection))
	if p.Channel == "" {
		return p, locale.Errorf("slack-say.no_channel")
	}
	if s.message != nil {
		if p.Message, err = s.message.Render(vars, msg); err != nil {
			return p, err
		}
		return p, slack.CheckMessage(p.Message)
	}
	if p.Text, err = s.text.Render(vars, msg); err != nil {
		return p, err
	}
	return p, slack.CheckMessage(message.NewObject("text", p.Text))
}

// detail is the exact text of a post.
func detail(p slack.Post) string {
	if p.Message == nil {
		return p.Text
	}
	text, _ := message.Stringify(p.Message, 2)
	return text
}

var (
	_ node.Provisioner = (*Say)(nil)
	_ node.Planner     = (*Say)(nil)
)
