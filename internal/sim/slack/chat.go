package slack

import (
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"
)

// maxText is where Slack cuts a message's text.
const maxText = 40000

func (w *Workspace) postMessage(q request) (reply, error) {
	c, err := w.writable(q.Get("channel"))
	if err != nil {
		return nil, err
	}
	m := &Message{Type: "message", User: BotUserID, BotID: BotID, AppID: w.cfg.AppID, Team: w.cfg.TeamID, ThreadTS: q.Get("thread_ts")}
	if err := w.fill(m, q); err != nil {
		return nil, err
	}
	if m.Text == "" && len(m.Blocks) == 0 && len(m.Attachments) == 0 {
		return nil, refuse("no_text")
	}
	w.post(c, m)
	return reply{"channel": c.ID, "ts": m.TS, "message": m}, nil
}

// writable finds a channel that the bot may post to.
func (w *Workspace) writable(ref string) (*channel, error) {
	c := w.find(ref)
	switch {
	case c == nil, c.Private && c.Outside:
		return nil, refuse("channel_not_found")
	case c.Archived:
		return nil, refuse("is_archived")
	case c.Outside && !w.allowed("chat:write.public"):
		return nil, refuse("not_in_channel")
	}
	return c, nil
}

// fill sets what q gives of a message's content. What q leaves out stays.
func (w *Workspace) fill(m *Message, q request) error {
	if q.Has("text") {
		m.Text = cut(q.Get("text"), maxText)
	}
	if err := decode(q, "attachments", &m.Attachments); err != nil {
		return refuse("invalid_attachments")
	}
	if err := decode(q, "blocks", &m.Blocks); err != nil {
		return refuse("invalid_blocks_format")
	}
	if err := decode(q, "metadata", &m.Metadata); err != nil || badMetadata(m.Metadata) {
		return refuse("invalid_metadata_format")
	}
	w.number(m)
	return check(m)
}

func decode[T any](q request, name string, into *T) error {
	raw := q.Get(name)
	if raw == "" {
		return nil
	}
	var v T
	if err := json.Unmarshal([]byte(raw), &v); err != nil {
		return err
	}
	*into = v
	return nil
}

func badMetadata(m map[string]any) bool {
	if m == nil {
		return false
	}
	kind, _ := m["event_type"].(string)
	_, ok := m["event_payload"].(map[string]any)
	return kind == "" || !ok
}

// number gives attachments, blocks and legacy actions the ids that Slack gives them.
func (w *Workspace) number(m *Message) {
	w.numberBlocks(m.Blocks)
	for i, a := range m.Attachments {
		a["id"] = float64(i + 1)
		if color, ok := a["color"].(string); ok {
			a["color"] = strings.TrimPrefix(color, "#")
		}
		blocks := list(a["blocks"])
		w.numberBlocks(blocks)
		if len(blocks) > 0 && a["fallback"] == nil {
			a["fallback"] = "[no preview available]"
		}
		for n, action := range list(a["actions"]) {
			action["id"] = string(rune('1' + n))
		}
	}
}

func (w *Workspace) numberBlocks(blocks []map[string]any) {
	for _, b := range blocks {
		if b["block_id"] == nil || b["block_id"] == "" {
			b["block_id"] = w.newID("b")
		}
	}
}

func (w *Workspace) update(q request) (reply, error) {
	c := w.find(q.Get("channel"))
	if c == nil {
		return nil, refuse("channel_not_found")
	}
	i := slices.IndexFunc(c.messages, func(m *Message) bool { return m.TS == q.Get("ts") })
	switch {
	case i < 0:
		return nil, refuse("message_not_found")
	case c.messages[i].BotID != BotID:
		return nil, refuse("cant_update_message")
	case c.Archived:
		return nil, refuse("is_archived")
	}
	changed := c.messages[i].clone()
	if err := w.fill(&changed, q); err != nil {
		return nil, err
	}
	changed.Edited = &Edited{User: BotUserID, TS: w.nextTS()}
	c.messages[i] = &changed
	w.announce(Event{Kind: "changed", Channel: c.ID, Message: changed.clone()})
	return reply{"channel": c.ID, "ts": changed.TS, "text": changed.Text, "message": changed}, nil
}

func (w *Workspace) delete(q request) (reply, error) {
	c := w.find(q.Get("channel"))
	if c == nil {
		return nil, refuse("channel_not_found")
	}
	i := slices.IndexFunc(c.messages, func(m *Message) bool { return m.TS == q.Get("ts") })
	if i < 0 {
		return nil, refuse("message_not_found")
	}
	gone := c.messages[i].clone()
	c.messages = slices.Delete(c.messages, i, i+1)
	w.announce(Event{Kind: "deleted", Channel: c.ID, Message: gone})
	return reply{"channel": c.ID, "ts": gone.TS}, nil
}

func (w *Workspace) postEphemeral(q request) (reply, error) {
	c, err := w.writable(q.Get("channel"))
	if err != nil {
		return nil, err
	}
	user := q.Get("user")
	if _, known := w.users[user]; !known {
		return nil, refuse("user_not_in_channel")
	}
	m := Message{Type: "message", User: BotUserID, BotID: BotID, ThreadTS: q.Get("thread_ts")}
	if err := w.fill(&m, q); err != nil {
		return nil, err
	}
	m.TS = w.nextTS()
	w.ephemerals = append(w.ephemerals, Ephemeral{c.ID, user, m})
	w.announce(Event{Kind: "ephemeral", Channel: c.ID, User: user, Message: m})
	return reply{"message_ts": m.TS}, nil
}

func cut(s string, limit int) string {
	if utf8.RuneCountInString(s) <= limit {
		return s
	}
	return string([]rune(s)[:limit])
}

// list reads a JSON array of objects.
func list(v any) []map[string]any {
	items, _ := v.([]any)
	var out []map[string]any
	for _, item := range items {
		if m, ok := item.(map[string]any); ok {
			out = append(out, m)
		}
	}
	return out
}
