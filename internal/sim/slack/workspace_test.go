package slack

import (
	"context"
	"encoding/json"
	"errors"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
)

// start serves a workspace and gives slack-go's client for it.
func start(t *testing.T, cfg Config) (*Workspace, *slack.Client) {
	t.Helper()
	w := New(cfg)
	srv := httptest.NewServer(w)
	t.Cleanup(srv.Close)
	t.Cleanup(w.Cut)
	return w, slack.New(DefaultBotToken, slack.OptionAPIURL(srv.URL+"/api/"), slack.OptionAppLevelToken(DefaultAppToken))
}

func TestPostAndUpdate(t *testing.T) {
	w, api := start(t, Config{})
	for _, channel := range []string{"general", "#general", "C0GENERAL"} {
		id, _, err := api.PostMessage(channel, slack.MsgOptionText("hi", false))
		if err != nil || id != "C0GENERAL" {
			t.Fatalf("%s: %s, %v", channel, id, err)
		}
	}
	_, ts, err := api.PostMessage("general", slack.MsgOptionAttachments(slack.Attachment{Color: "#3AA3E3", Text: "a"}),
		slack.MsgOptionMetadata(slack.SlackMetadata{EventType: "e", EventPayload: map[string]any{"id": "q1"}}))
	if err != nil {
		t.Fatal(err)
	}
	plain, _ := api.GetConversationHistory(&slack.GetConversationHistoryParameters{ChannelID: "C0GENERAL"})
	full, err := api.GetConversationHistory(&slack.GetConversationHistoryParameters{ChannelID: "C0GENERAL", IncludeAllMetadata: true})
	if err != nil || plain.Messages[0].Metadata.EventType != "" || full.Messages[0].Metadata.EventPayload["id"] != "q1" {
		t.Fatalf("metadata: %+v, %v", full, err)
	}
	if _, _, _, err := api.UpdateMessage("C0GENERAL", ts, slack.MsgOptionText("new", false)); err != nil {
		t.Fatal(err)
	}
	m := w.Messages("general")[3]
	if m.Text != "new" || len(m.Attachments) != 1 || m.Attachments[0]["color"] != "3AA3E3" || m.Edited == nil {
		t.Errorf("attachments that an update leaves out stay: %+v", m)
	}
	_, _, _, _ = api.UpdateMessage("C0GENERAL", ts, slack.MsgOptionAttachments([]slack.Attachment{}...))
	if m := w.Messages("general")[3]; len(m.Attachments) != 0 {
		t.Errorf("an empty list removes them: %+v", m)
	}
}

func TestRefusals(t *testing.T) {
	cases := []struct {
		name  string
		setup func(*Workspace)
		want  string
	}{
		{"unknown channel", func(w *Workspace) { w.SetChannel(Channel{ID: "C0GENERAL", Name: "renamed"}) }, "channel_not_found"},
		{"private without the bot", func(w *Workspace) {
			w.SetChannel(Channel{ID: "C0GENERAL", Name: "general", Private: true, Outside: true})
		}, "channel_not_found"},
		{"public without the bot", func(w *Workspace) {
			w.SetScopes("chat:write")
			w.SetChannel(Channel{ID: "C0GENERAL", Name: "general", Outside: true})
		}, "not_in_channel"},
		{"archived", func(w *Workspace) { w.SetChannel(Channel{ID: "C0GENERAL", Name: "general", Archived: true}) }, "is_archived"},
		{"scope", func(w *Workspace) { w.SetScopes("users:read") }, "missing_scope"},
		{"revoked", func(w *Workspace) { w.Revoke("token_revoked") }, "token_revoked"},
		{"one error", func(w *Workspace) { w.Fail(Fault{Method: "chat.postMessage", Error: "fatal_error"}) }, "fatal_error"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			w, api := start(t, Config{})
			c.setup(w)
			_, _, err := api.PostMessage("general", slack.MsgOptionText("x", false))
			refused, ok := errors.AsType[slack.SlackErrorResponse](err)
			if !ok || refused.Err != c.want {
				t.Errorf("got %v, want %s", err, c.want)
			}
			if c.want == "missing_scope" && refused.Needed != "chat:write" {
				t.Errorf("needed %q", refused.Needed)
			}
		})
	}
	t.Run("public without the bot but with chat:write.public", func(t *testing.T) {
		w, api := start(t, Config{})
		w.SetChannel(Channel{ID: "C0GENERAL", Name: "general", Outside: true})
		if _, _, err := api.PostMessage("general", slack.MsgOptionText("x", false)); err != nil {
			t.Error(err)
		}
	})
	t.Run("wrong token", func(t *testing.T) {
		w := New(Config{})
		srv := httptest.NewServer(w)
		defer srv.Close()
		_, err := slack.New("xoxb-wrong", slack.OptionAPIURL(srv.URL+"/api/")).AuthTest()
		if err == nil || err.Error() != "invalid_auth" {
			t.Error(err)
		}
	})
}

func TestLimits(t *testing.T) {
	button := func(id, label, value string) slack.BlockElement {
		return slack.NewButtonBlockElement(id, value, slack.NewTextBlockObject("plain_text", label, false, false))
	}
	section := func(n int) slack.Block {
		return slack.NewSectionBlock(slack.NewTextBlockObject("mrkdwn", strings.Repeat("あ", n), false, false), nil, nil)
	}
	cases := []struct {
		name   string
		blocks []slack.Block
		want   string
	}{
		{"a full section", []slack.Block{section(3000)}, ""},
		{"a long section", []slack.Block{section(3001)}, "invalid_blocks"},
		{"many sections", []slack.Block{section(3000), section(3000), section(3000), section(3000), section(3000)}, "msg_blocks_too_long"},
		{"a long label", []slack.Block{slack.NewActionBlock("", button("a", strings.Repeat("x", 76), "v"))}, "invalid_blocks"},
		{"one action id twice", []slack.Block{slack.NewActionBlock("", button("a", "x", "v"), button("a", "y", "v"))}, "invalid_blocks"},
		{"one block id twice", []slack.Block{slack.NewActionBlock("b", button("a", "x", "v")), slack.NewActionBlock("b", button("a", "x", "v"))}, "invalid_blocks"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, api := start(t, Config{})
			_, _, err := api.PostMessage("general", slack.MsgOptionBlocks(c.blocks...))
			got := ""
			if err != nil {
				got = err.Error()
			}
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// runClient runs slack-go's Socket Mode client, which acknowledges and gives on what comes.
func runClient(t *testing.T, api *slack.Client) <-chan slack.InteractionCallback {
	t.Helper()
	client := socketmode.New(api)
	got := make(chan slack.InteractionCallback, 10)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); _ = client.RunContext(ctx) }()
	go func() {
		for {
			select {
			case e := <-client.Events:
				if e.Type == socketmode.EventTypeInteractive {
					_ = client.AckCtx(ctx, e.Request.EnvelopeID, nil)
					got <- e.Data.(slack.InteractionCallback)
				}
			case <-ctx.Done():
				return
			}
		}
	}()
	t.Cleanup(func() { stop(); <-done })
	return got
}

func TestClickOverSocketMode(t *testing.T) {
	w, api := start(t, Config{})
	clicks := runClient(t, api)
	if err := w.AwaitSocket(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	yes := slack.NewButtonBlockElement("answer:0", "yes", slack.NewTextBlockObject("plain_text", "承認", false, false))
	_, ts, err := api.PostMessage("general", slack.MsgOptionText("ok?", false), slack.MsgOptionAttachments(slack.Attachment{
		Blocks: slack.Blocks{BlockSet: []slack.Block{slack.NewActionBlock("q1", yes)}},
	}))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"承認", "yes", "answer:0"} {
		if err := w.Click(t.Context(), Click{Channel: "general", TS: ts, Button: name, User: "U0HANAKO"}); err != nil {
			t.Fatal(err)
		}
		got := <-clicks
		action := got.ActionCallback.BlockActions[0]
		if got.Type != slack.InteractionTypeBlockActions || action.BlockID != "q1" || action.Value != "yes" ||
			got.User.ID != "U0HANAKO" || got.User.TeamID != "T0SIM" || got.Message.Text != "ok?" ||
			got.Container.MessageTs != ts || got.Container.AttachmentID != "1" || got.Channel.ID != "C0GENERAL" {
			t.Errorf("payload: %+v", got)
		}
	}
	if err := w.Click(t.Context(), Click{Channel: "general", TS: ts, Button: "maybe", User: "U0ALEX"}); !errors.Is(err, ErrNoButton) {
		t.Error(err)
	}
}

func TestLegacyClick(t *testing.T) {
	w, api := start(t, Config{})
	clicks := runClient(t, api)
	_ = w.AwaitSocket(t.Context(), 1)
	_, ts, err := api.PostMessage("general", slack.MsgOptionAttachments(slack.Attachment{
		CallbackID: "approve", Actions: []slack.AttachmentAction{{Name: "answer", Text: "No", Type: "button", Value: "no"}},
	}))
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Click(t.Context(), Click{Channel: "general", TS: ts, Button: "No", User: "U0ALEX"}); err != nil {
		t.Fatal(err)
	}
	got := <-clicks
	if got.Type != slack.InteractionTypeInteractionMessage || got.CallbackID != "approve" ||
		got.ActionCallback.AttachmentActions[0].Value != "no" || got.OriginalMessage.Timestamp != ts {
		t.Errorf("payload: %+v", got)
	}
}

func TestSocketsComeBack(t *testing.T) {
	for name, end := range map[string]func(*Workspace){
		"refresh": func(w *Workspace) { w.Disconnect(t.Context(), "refresh_requested") },
		"cut":     (*Workspace).Cut,
	} {
		t.Run(name, func(t *testing.T) {
			w, api := start(t, Config{})
			runClient(t, api)
			_ = w.AwaitSocket(t.Context(), 1)
			end(w)
			ctx, stop := context.WithTimeout(t.Context(), 10*time.Second)
			defer stop()
			for len(w.Calls("apps.connections.open")) < 2 || w.Sockets() != 1 {
				if ctx.Err() != nil {
					t.Fatal("the client did not come back")
				}
				time.Sleep(10 * time.Millisecond)
			}
		})
	}
}

func TestUnacknowledgedClick(t *testing.T) {
	w, api := start(t, Config{AckTimeout: 50 * time.Millisecond})
	runClient(t, api)
	_ = w.AwaitSocket(t.Context(), 1)
	w.Deafen()
	if err := w.Deliver(t.Context(), json.RawMessage(`{"type":"block_actions"}`)); !errors.Is(err, ErrNoAck) {
		t.Errorf("got %v", err)
	}
}

func TestLostResponseStillPosts(t *testing.T) {
	w, api := start(t, Config{})
	w.Fail(Fault{Method: "chat.postMessage", LoseResponse: true})
	if _, _, err := api.PostMessage("general", slack.MsgOptionText("x", false)); err == nil {
		t.Error("the caller must not hear of it")
	}
	if n := len(w.Messages("general")); n != 1 {
		t.Errorf("%d messages", n)
	}
}

func TestRateLimit(t *testing.T) {
	w, api := start(t, Config{})
	w.Fail(Fault{RetryAfter: 7})
	_, _, err := api.PostMessage("general", slack.MsgOptionText("x", false))
	limited, ok := errors.AsType[*slack.RateLimitedError](err)
	if !ok || limited.RetryAfter != 7*time.Second || len(w.Messages("general")) != 0 {
		t.Errorf("got %v", err)
	}
}
