package slack

import (
	"context"
	"regexp"
	"strings"

	slackgo "github.com/slack-go/slack"
)

// channelIDs are Slack's ids of channels, groups and direct messages.
var channelIDs = regexp.MustCompile(`^[CGD][A-Z0-9]{7,}$`)

// maxChannelPages bounds a search through a workspace's channels: 20,000 of them.
const maxChannelPages = 20

// lister gives one page of channels and the next page's cursor.
type lister func(ctx context.Context, cursor string) ([]slackgo.Channel, string, error)

// joinedID gives a channel's id from its id, name or #name, if the bot is in it.
// Posting needs no id; reading does, and reading needs the bot to be there, so
// the few channels that it is in are all that is searched.
func (g *Gateway) joinedID(ctx context.Context, channel string) (string, error) {
	return g.channelID(ctx, channel, g.joined)
}

// anyID gives a channel's id from its id, name or #name.
func (g *Gateway) anyID(ctx context.Context, channel string) (string, error) {
	id, err := g.channelID(ctx, channel, g.joined)
	if code(err) == "channel_not_found" {
		return g.channelID(ctx, channel, g.all)
	}
	return id, err
}

func (g *Gateway) channelID(ctx context.Context, channel string, list lister) (string, error) {
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
	cursor := ""
	for range maxChannelPages {
		var page []slackgo.Channel
		next := ""
		err := g.call(ctx, true, func(ctx context.Context) (err error) {
			page, next, err = list(ctx, cursor)
			return err
		})
		if err != nil {
			return "", err
		}
		for _, c := range page {
			if c.Name == name {
				g.rememberChannel(name, c.ID)
				return c.ID, nil
			}
		}
		if cursor = next; cursor == "" {
			break
		}
	}
	return "", slackgo.SlackErrorResponse{Err: "channel_not_found"}
}

func (g *Gateway) joined(ctx context.Context, cursor string) ([]slackgo.Channel, string, error) {
	return g.api.GetConversationsForUserContext(ctx, &slackgo.GetConversationsForUserParameters{
		Cursor: cursor, Types: g.channelTypes(), Limit: 200,
	})
}

func (g *Gateway) all(ctx context.Context, cursor string) ([]slackgo.Channel, string, error) {
	return g.api.GetConversationsContext(ctx, &slackgo.GetConversationsParameters{
		Cursor: cursor, Types: g.channelTypes(), Limit: 1000,
	})
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

// lane names a channel for the pacer: by its id as soon as that is known.
func (g *Gateway) lane(channel string) string {
	name := strings.TrimPrefix(channel, "#")
	g.mu.Lock()
	defer g.mu.Unlock()
	if id, known := g.channels[name]; known {
		return id
	}
	return name
}

func (g *Gateway) forgetChannel(channel string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.channels, strings.TrimPrefix(channel, "#"))
}
