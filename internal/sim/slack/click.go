package slack

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
)

// The errors of a click.
var (
	ErrNoMessage = errors.New("no such message")
	ErrNoButton  = errors.New("the message has no such button")
	ErrNoSocket  = errors.New("no app is connected")
	// ErrNoAck: the app didn't acknowledge in time; Slack shows a warning to the person.
	ErrNoAck = errors.New("the app did not acknowledge in time")
)

// Click is one press of a button.
type Click struct {
	Channel string // id, name or #name
	TS      string // of the message
	Button  string // its label, value or action id
	User    string // who presses
	Team    string // the person's team when it isn't the user's own (Slack Connect)
}

// button is one button of a message and where it stands.
type button struct {
	action     map[string]any
	blockID    string
	attachment int    // 1 …, 0 for the message's own blocks
	callback   string // of a legacy attachment; then action is a legacy action
	legacy     bool
}

// Click presses a button: the app gets what Slack would send, and must
// acknowledge it in time.
func (w *Workspace) Click(ctx context.Context, c Click) error {
	payload, err := w.Payload(c)
	if err != nil {
		return err
	}
	return w.Deliver(ctx, payload)
}

// Payload is what Slack sends to the app for a click. Tests keep it to deliver
// it late or twice, or change it to forge one.
func (w *Workspace) Payload(c Click) (json.RawMessage, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	ch := w.find(c.Channel)
	if ch == nil {
		return nil, ErrNoMessage
	}
	i := slices.IndexFunc(ch.messages, func(m *Message) bool { return m.TS == c.TS })
	if i < 0 {
		return nil, ErrNoMessage
	}
	m := ch.messages[i]
	for _, b := range buttons(m) {
		if b.is(c.Button) {
			return json.Marshal(w.interaction(ch, m, b, c))
		}
	}
	return nil, ErrNoButton
}

// Deliver sends an interaction to the app and waits for its acknowledgement,
// over HTTP if the workspace has a RequestURL, else over the newest socket.
func (w *Workspace) Deliver(ctx context.Context, payload json.RawMessage) error {
	ctx, stop := context.WithTimeout(ctx, w.cfg.AckTimeout)
	defer stop()
	if w.cfg.RequestURL != "" {
		return w.deliverHTTP(ctx, payload)
	}
	w.mu.Lock()
	id := w.newID("envelope-")
	w.mu.Unlock()
	sockets := w.open()
	if len(sockets) == 0 {
		return ErrNoSocket
	}
	acked, err := sockets[0].send(ctx, id, "interactive", payload)
	if err != nil {
		return err
	}
	select {
	case <-acked:
		return nil
	case <-ctx.Done():
		return ErrNoAck
	}
}

func (b button) is(name string) bool {
	return name == text(b.action["value"]) || name == b.label() || name == text(b.action["action_id"])
}

func (b button) label() string {
	if b.legacy {
		return text(b.action["text"])
	}
	label, _ := b.action["text"].(map[string]any)
	return text(label["text"])
}

// buttons lists the buttons of a message.
func buttons(m *Message) []button {
	all := blockButtons(m.Blocks, 0)
	for i, a := range m.Attachments {
		all = append(all, blockButtons(list(a["blocks"]), i+1)...)
		for _, action := range list(a["actions"]) {
			all = append(all, button{action: action, attachment: i + 1, callback: text(a["callback_id"]), legacy: true})
		}
	}
	return all
}

func blockButtons(blocks []map[string]any, attachment int) []button {
	var all []button
	for _, b := range blocks {
		elements := list(b["elements"])
		if accessory, ok := b["accessory"].(map[string]any); ok {
			elements = append(elements, accessory)
		}
		for _, e := range elements {
			if e["type"] == "button" {
				all = append(all, button{action: e, blockID: text(b["block_id"]), attachment: attachment})
			}
		}
	}
	return all
}
