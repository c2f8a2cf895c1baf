package slack

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

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

// The bounds of a search for a mark: pages are read newest first.
const (
	searchPages = 10
	searchLimit = 200
	// clockSlack is how far Slack's clock, by which messages are dated, and ours may
	// be apart.
	clockSlack = 10 * time.Minute
)

// search is where and since when a marked message would stand.
type search struct {
	channel string // id, name or #name
	thread  string // ts of the message that it would be a reply to; "" for none
	mark    mark   // kind and key count
	since   time.Time
}

// found is what a search saw.
type found struct {
	parts map[int]string // where each part stands
	of    int            // how many there are to be, 0 if none was seen
	// whole says that all since the beginning was seen: what wasn't found isn't there.
	whole bool
}

func (f *found) all() bool { return f.of > 0 && len(f.parts) == f.of }

// find looks for marked messages among those since a time. The history of a
// channel has no replies, so these are looked for in their thread.
func (g *Gateway) find(ctx context.Context, s search) (*found, error) {
	id, err := g.joinedID(ctx, s.channel)
	if err != nil {
		return nil, err
	}
	f := &found{parts: map[int]string{}}
	cursor := ""
	for range searchPages {
		var page []slackgo.Message
		err := g.call(ctx, true, func(ctx context.Context) (err error) {
			page, cursor, err = g.page(ctx, id, s, cursor)
			return err
		})
		if err != nil {
			return nil, err
		}
		for _, m := range page {
			if got := marked(m.Metadata); got.kind == s.mark.kind && got.key == s.mark.key {
				f.parts[got.part], f.of = ref(id, m.Timestamp), got.of
			}
		}
		if f.whole = cursor == ""; f.whole || f.all() {
			break
		}
	}
	return f, nil
}

// page reads one page of a channel or a thread, with metadata.
func (g *Gateway) page(ctx context.Context, id string, s search, cursor string) ([]slackgo.Message, string, error) {
	oldest := strconv.FormatInt(max(0, s.since.Add(-clockSlack).Unix()), 10)
	history := slackgo.GetConversationHistoryParameters{
		ChannelID: id, Cursor: cursor, Limit: searchLimit, Oldest: oldest, IncludeAllMetadata: true,
	}
	if s.thread != "" {
		page, _, next, err := g.api.GetConversationRepliesContext(ctx, &slackgo.GetConversationRepliesParameters{
			ChannelID: id, Timestamp: s.thread, Cursor: cursor, Limit: searchLimit, Oldest: oldest, IncludeAllMetadata: true,
		})
		return page, next, err
	}
	page, err := g.api.GetConversationHistoryContext(ctx, &history)
	if err != nil {
		return nil, cursor, err
	}
	return page.Messages, page.ResponseMetaData.NextCursor, nil
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
