package slack

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"
)

// Message is a message as Slack returns it.
type Message struct {
	Type        string           `json:"type"`
	TS          string           `json:"ts"`
	ThreadTS    string           `json:"thread_ts,omitempty"`
	User        string           `json:"user,omitempty"`
	BotID       string           `json:"bot_id,omitempty"`
	AppID       string           `json:"app_id,omitempty"`
	Team        string           `json:"team,omitempty"`
	Text        string           `json:"text"`
	Attachments []map[string]any `json:"attachments,omitempty"`
	Blocks      []map[string]any `json:"blocks,omitempty"`
	Metadata    map[string]any   `json:"metadata,omitempty"`
	Edited      *Edited          `json:"edited,omitempty"`
	ReplyCount  int              `json:"reply_count,omitempty"`
}

// Edited says who changed a message last.
type Edited struct {
	User string `json:"user"`
	TS   string `json:"ts"`
}

// Ephemeral is a message that only one person sees.
type Ephemeral struct {
	Channel, User string
	Message
}

// Event is something that people at the workspace see happen.
type Event struct {
	Kind    string // posted, changed, ephemeral
	Channel string // id
	User    string // of an ephemeral: who sees it
	Message Message
}

func (m *Message) clone() Message {
	c := *m
	c.Attachments = slices.Clone(m.Attachments)
	c.Blocks = slices.Clone(m.Blocks)
	c.Metadata = maps.Clone(m.Metadata)
	return c
}

// Messages lists the messages of a channel (id, name or #name), threads
// included, oldest first.
func (w *Workspace) Messages(channel string) []Message {
	w.mu.Lock()
	defer w.mu.Unlock()
	c := w.find(channel)
	if c == nil {
		return nil
	}
	list := make([]Message, len(c.messages))
	for i, m := range c.messages {
		list[i] = m.clone()
	}
	return list
}

// Ephemerals lists what was shown to single people, oldest first.
func (w *Workspace) Ephemerals() []Ephemeral {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.ephemerals)
}

// Say posts a message as a person.
func (w *Workspace) Say(user, channel, text string) (Message, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	c := w.find(channel)
	if c == nil {
		return Message{}, errors.New("no such channel")
	}
	m := &Message{Type: "message", User: user, Team: w.cfg.TeamID, Text: text}
	w.post(c, m)
	return m.clone(), nil
}

// post appends m to c. w.mu is held.
func (w *Workspace) post(c *channel, m *Message) {
	m.TS = w.nextTS()
	if m.ThreadTS != "" {
		for _, parent := range c.messages {
			if parent.TS == m.ThreadTS {
				parent.ReplyCount++
				parent.ThreadTS = parent.TS
			}
		}
	}
	c.messages = append(c.messages, m)
	w.announce(Event{Kind: "posted", Channel: c.ID, Message: m.clone()})
}

// Subscribe gives what happens from now until ctx ends; then the channel is
// closed. A reader that falls far behind misses events.
func (w *Workspace) Subscribe(ctx context.Context) <-chan Event {
	ch := make(chan Event, 256)
	w.mu.Lock()
	w.watchers[ch] = true
	w.mu.Unlock()
	context.AfterFunc(ctx, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		delete(w.watchers, ch)
		close(ch)
	})
	return ch
}

// announce tells the subscribers. w.mu is held.
func (w *Workspace) announce(e Event) {
	for ch := range w.watchers {
		select {
		case ch <- e:
		default:
		}
	}
}

// Await gives the first message of the channel that satisfies ok, also one that
// is there already, or ctx's error.
func (w *Workspace) Await(ctx context.Context, channel string, ok func(Message) bool) (Message, error) {
	ctx, stop := context.WithTimeout(ctx, time.Minute)
	defer stop()
	events := w.Subscribe(ctx)
	for {
		for _, m := range w.Messages(channel) {
			if ok(m) {
				return m, nil
			}
		}
		if _, open := <-events; !open {
			return Message{}, ctx.Err()
		}
	}
}
