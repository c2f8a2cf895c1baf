package slack

import (
	"context"
	"fmt"
	"strings"

	slackgo "github.com/slack-go/slack"
)

// mark is the message metadata by which a message of ours is found again.
type mark struct {
	kind string // an event type: markStep, markQuestion
	key  string // of the step's attempt, or the question's id
	part int    // of a message that was split, from 0
	of   int    // how many parts there are
}

// The metadata event types.
const (
	markStep     = "toban_step"
	markQuestion = "toban_question"
)

func (m mark) metadata() slackgo.SlackMetadata {
	return slackgo.SlackMetadata{EventType: m.kind, EventPayload: map[string]any{"key": m.key, "part": m.part, "of": m.of}}
}

// marked reads our mark from a message, zero if there is none.
func marked(m slackgo.SlackMetadata) mark {
	key, _ := m.EventPayload["key"].(string)
	part, _ := m.EventPayload["part"].(float64)
	of, _ := m.EventPayload["of"].(float64)
	return mark{m.EventType, key, int(part), int(of)}
}

// Pages of history that are searched for a mark, newest first.
const (
	searchPages = 3
	searchLimit = 200
)

// find looks in a channel for the messages with kind and key: where each part
// stands. whole says that the search saw all of the channel's recent history, so
// that what it didn't find isn't there.
func (g *Gateway) find(ctx context.Context, channel, kind, key string) (parts map[int]string, of int, whole bool, err error) {
	id, err := g.joinedID(ctx, channel)
	if err != nil {
		return nil, 0, false, err
	}
	parts = map[int]string{}
	params := &slackgo.GetConversationHistoryParameters{ChannelID: id, Limit: searchLimit, IncludeAllMetadata: true}
	for range searchPages {
		var page *slackgo.GetConversationHistoryResponse
		err := g.call(ctx, true, func(ctx context.Context) (err error) {
			page, err = g.api.GetConversationHistoryContext(ctx, params)
			return err
		})
		if err != nil {
			return nil, 0, false, err
		}
		for _, m := range page.Messages {
			if got := marked(m.Metadata); got.kind == kind && got.key == key {
				parts[got.part], of = ref(id, m.Timestamp), got.of
			}
		}
		if of > 0 && len(parts) == of {
			break
		}
		if params.Cursor = page.ResponseMetaData.NextCursor; params.Cursor == "" {
			break
		}
	}
	return parts, of, true, nil
}

// ref is where a message stands: "<channel id>:<ts>".
func ref(channel, ts string) string { return channel + ":" + ts }

// place takes a ref apart.
func place(ref string) (channel, ts string, err error) {
	channel, ts, ok := strings.Cut(ref, ":")
	if !ok || channel == "" || ts == "" {
		return "", "", fmt.Errorf("slack: %q is no reference to a message", ref)
	}
	return channel, ts, nil
}
