package slack

import (
	"slices"
	"strconv"
	"strings"
)

func (w *Workspace) conversationsList(q request) (reply, error) {
	return w.page(q, func(*channel) bool { return true })
}

func (w *Workspace) usersConversations(q request) (reply, error) {
	return w.page(q, func(c *channel) bool { return !c.Outside })
}

func (w *Workspace) page(q request, keep func(*channel) bool) (reply, error) {
	types := q.Get("types")
	if types == "" {
		types = "public_channel"
	}
	var all []any
	for _, c := range w.channels {
		kind := "public_channel"
		if c.Private {
			kind = "private_channel"
		}
		hidden := c.Private && c.Outside || c.Archived && q.Get("exclude_archived") == "true"
		if !hidden && strings.Contains(types, kind) && keep(c) {
			all = append(all, w.channelObject(c))
		}
	}
	items, next := paged(all, q)
	return reply{"channels": items, "response_metadata": map[string]any{"next_cursor": next}}, nil
}

// paged cuts a list by Slack's cursor and limit.
func paged(all []any, q request) (items []any, next string) {
	from, _ := strconv.Atoi(q.Get("cursor"))
	from = min(max(from, 0), len(all))
	limit, _ := strconv.Atoi(q.Get("limit"))
	if limit <= 0 || limit > 1000 {
		limit = 100
	}
	to := min(from+limit, len(all))
	if to < len(all) {
		next = strconv.Itoa(to)
	}
	return append([]any{}, all[from:to]...), next
}

func (w *Workspace) channelObject(c *channel) map[string]any {
	return map[string]any{
		"id": c.ID, "name": c.Name, "name_normalized": c.Name, "is_channel": !c.Private, "is_group": c.Private,
		"is_private": c.Private, "is_archived": c.Archived, "is_member": !c.Outside, "is_general": c.Name == "general",
		"context_team_id": w.cfg.TeamID,
	}
}

func (w *Workspace) conversationsInfo(q request) (reply, error) {
	c, err := w.visible(q.Get("channel"))
	if err != nil {
		return nil, err
	}
	return reply{"channel": w.channelObject(c)}, nil
}

// visible finds a channel by its id alone, which is all that these methods take.
func (w *Workspace) visible(id string) (*channel, error) {
	for _, c := range w.channels {
		if c.ID == id && !(c.Private && c.Outside) {
			return c, nil
		}
	}
	return nil, refuse("channel_not_found")
}

func (w *Workspace) join(q request) (reply, error) {
	c, err := w.visible(q.Get("channel"))
	if err != nil {
		return nil, err
	}
	if c.Archived {
		return nil, refuse("is_archived")
	}
	c.Outside = false
	return reply{"channel": w.channelObject(c)}, nil
}

func (w *Workspace) history(q request) (reply, error) {
	return w.read(q, func(m *Message) bool { return m.ThreadTS == "" || m.ThreadTS == m.TS }, true)
}

func (w *Workspace) replies(q request) (reply, error) {
	ts := q.Get("ts")
	found, err := w.read(q, func(m *Message) bool { return m.TS == ts || m.ThreadTS == ts }, false)
	if err == nil && len(found["messages"].([]any)) == 0 {
		return nil, refuse("thread_not_found")
	}
	return found, err
}

func (w *Workspace) read(q request, keep func(*Message) bool, newestFirst bool) (reply, error) {
	c, err := w.visible(q.Get("channel"))
	if err != nil {
		return nil, err
	}
	if err := w.mayRead(c); err != nil {
		return nil, err
	}
	var all []any
	for _, m := range c.messages {
		if keep(m) && within(m.TS, q) {
			all = append(all, shown(m, q))
		}
	}
	if newestFirst {
		slices.Reverse(all)
	}
	items, next := paged(all, q)
	return reply{
		"messages": items, "has_more": next != "",
		"response_metadata": map[string]any{"next_cursor": next},
	}, nil
}

// mayRead: a private channel's messages need a scope of their own, and the bot
// must be in the channel.
func (w *Workspace) mayRead(c *channel) error {
	scope := "channels:history"
	if c.Private {
		scope = "groups:history"
	}
	switch {
	case !w.allowed(scope):
		return w.missing(scope)
	case c.Outside:
		return refuse("not_in_channel")
	}
	return nil
}

// within reports whether ts lies between the call's oldest and latest.
// Timestamps have equal length, so text order is time order.
func within(ts string, q request) bool {
	oldest, latest := q.Get("oldest"), q.Get("latest")
	inclusive := q.Get("inclusive") == "1" || q.Get("inclusive") == "true"
	if inclusive && (ts == oldest || ts == latest) {
		return true
	}
	return (oldest == "" || seconds(ts) > seconds(oldest)) && (latest == "" || seconds(ts) < seconds(latest))
}

func seconds(ts string) float64 {
	f, _ := strconv.ParseFloat(ts, 64)
	return f
}

// shown is a message as a reading method gives it: metadata only on request.
func shown(m *Message, q request) Message {
	c := m.clone()
	if all := q.Get("include_all_metadata"); all != "1" && all != "true" {
		c.Metadata = nil
	}
	return c
}
