package slack

import (
	"context"
	"regexp"
	"strings"

	slackgo "github.com/slack-go/slack"
)

// channelIDs are Slack's ids of channels, groups and direct messages.
var channelIDs = regexp.MustCompile(`^[CGD][A-Z0-9]{7,}$`)

// channelID gives a channel's id from its id, name or #name, "" where that can't
// be found out (a missing scope): posting works by name all the same.
func (g *Gateway) channelID(ctx context.Context, channel string) (string, error) {
	name := strings.TrimPrefix(channel, "#")
	g.mu.Lock()
	id, known := g.channels[name]
	g.mu.Unlock()
	if known {
		return id, nil
	}
	if channelIDs.MatchString(name) {
		return name, nil
	}
	return g.findChannel(ctx, name)
}

func (g *Gateway) findChannel(ctx context.Context, name string) (string, error) {
	params := &slackgo.GetConversationsParameters{Limit: 1000, ExcludeArchived: false, Types: g.channelTypes()}
	for range 20 { // 20,000 channels
		var list []slackgo.Channel
		err := g.call(ctx, true, func(ctx context.Context) (err error) {
			list, params.Cursor, err = g.api.GetConversationsContext(ctx, params)
			return err
		})
		if err != nil {
			return "", err
		}
		for _, c := range list {
			g.rememberChannel(c.Name, c.ID)
			if c.Name == name {
				return c.ID, nil
			}
		}
		if params.Cursor == "" {
			break
		}
	}
	return "", slackgo.SlackErrorResponse{Err: "channel_not_found"}
}

// channelTypes lists the kinds of channels that the token may list.
func (g *Gateway) channelTypes() []string {
	if g.has("groups:read") {
		return []string{"public_channel", "private_channel"}
	}
	return []string{"public_channel"}
}

// has reports whether the bot token has a scope; true as long as Slack didn't say.
func (g *Gateway) has(scope string) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.scopes == "" {
		return true
	}
	for s := range strings.SplitSeq(g.scopes, ",") {
		if strings.TrimSpace(s) == scope {
			return true
		}
	}
	return false
}

func (g *Gateway) rememberChannel(name, id string) {
	name = strings.TrimPrefix(name, "#")
	if name == "" || id == "" || name == id {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.channels[name] = id
}
