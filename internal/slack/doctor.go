package slack

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	slackgo "github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"toban/internal/locale"
)

// Finding is one thing that was looked at.
type Finding struct {
	Connection string // id, "" for the default one
	Check      string // what was looked at, a catalogue key
	Subject    string // a channel, a scope, a workspace
	Err        error  // what is wrong and the mend; nil if it is well
	Warning    bool   // Err is worth mending but nothing stops
}

// Text is the finding as one line, without its error.
func (f Finding) Text(lang locale.Lang) string { return lang.Text(f.Check, "subject", f.Subject) }

// Doctor looks at every connection and the channels that its flows use (by
// connection id): the tokens, the scopes, the channels, and whether Socket Mode
// opens. It posts nothing.
func (h *Hub) Doctor(ctx context.Context, channels map[string][]string) []Finding {
	h.mu.Lock()
	gateways := maps.Clone(h.gateways)
	h.mu.Unlock()
	var all []Finding
	for _, id := range slices.Sorted(maps.Keys(gateways)) {
		for _, f := range gateways[id].doctor(ctx, channels[id]) {
			f.Connection = id
			all = append(all, f)
		}
	}
	if err := h.CheckOps(); err != nil {
		all = append(all, Finding{Check: "slack.check_ops", Err: err, Warning: true})
	}
	if len(gateways) == 0 {
		all = append(all, Finding{Check: "slack.check_token", Err: locale.Errorf("slack.no_default")})
	}
	return all
}

func (g *Gateway) doctor(ctx context.Context, channels []string) []Finding {
	return g.examine(ctx, channels, g.checkWayIn)
}

func (g *Gateway) examine(ctx context.Context, channels []string, wayIn func(context.Context) []Finding) []Finding {
	if err := g.cfg.Check(); err != nil {
		return []Finding{{Check: "slack.check_token", Err: err}}
	}
	self, err := g.whoami(ctx)
	if err != nil {
		return []Finding{{Check: "slack.check_token", Err: err}}
	}
	all := []Finding{{Check: "slack.check_token", Subject: self.Team + " (@" + self.User + ")"}}
	all = append(all, g.checkScopes()...)
	all = append(all, wayIn(ctx)...)
	for _, channel := range slices.Compact(slices.Sorted(slices.Values(channels))) {
		err := g.checkChannel(ctx, channel)
		all = append(all, Finding{Check: "slack.check_channel", Subject: "#" + strings.TrimPrefix(channel, "#"), Err: err})
	}
	return all
}

func (g *Gateway) checkScopes() []Finding {
	var all []Finding
	for _, s := range scopes {
		f := Finding{Check: "slack.check_scope", Subject: s.name}
		if !g.has(s.name) {
			f.Err = locale.Errorf("slack.missing_scope", "needed", s.name, "provided", g.granted())
			f.Warning = !s.need
		}
		all = append(all, f)
	}
	return all
}

func (g *Gateway) granted() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.scopes
}

// checkWayIn opens Socket Mode up to Slack's hello, or says what there is instead.
func (g *Gateway) checkWayIn(ctx context.Context) []Finding {
	if g.cfg.AppToken == "" {
		return []Finding{{Check: "slack.check_http", Err: g.cfg.TakesAnswers()}}
	}
	return []Finding{{Check: "slack.check_socket", Err: explain(g.tryToSocket(ctx), "")}}
}

func (g *Gateway) tryToSocket(ctx context.Context) error {
	ctx, stop := context.WithTimeout(ctx, 20*time.Second)
	defer stop()
	client := g.newSocket()
	var trouble error
	hello := false
	var reader sync.WaitGroup
	reader.Go(func() {
		for {
			select {
			case e := <-client.Events:
				switch e.Type {
				case socketmode.EventTypeHello:
					hello = true
					stop()
				case socketmode.EventTypeConnectionError:
					if failed, ok := e.Data.(*slackgo.ConnectionErrorEvent); ok {
						trouble = failed.ErrorObj
						stop() // the first reason is the reason
					}
				}
			case <-ctx.Done():
				return
			}
		}
	})
	err := client.RunContext(ctx)
	stop()
	reader.Wait()
	switch {
	case hello:
		return nil
	case trouble != nil:
		return trouble
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return locale.Errorf("slack.no_hello")
	}
	return err
}

// checkChannel finds what would keep the bot from posting in a channel.
func (g *Gateway) checkChannel(ctx context.Context, channel string) error {
	id, err := g.anyID(ctx, channel)
	if err != nil {
		return explain(err, channel)
	}
	var c *slackgo.Channel
	err = g.call(ctx, true, func(ctx context.Context) (err error) {
		c, err = g.api.GetConversationInfoContext(ctx, &slackgo.GetConversationInfoInput{ChannelID: id})
		return err
	})
	switch {
	case err != nil:
		return explain(err, channel)
	case c.IsArchived:
		return locale.Errorf("slack.is_archived", "channel", cmp.Or(c.Name, id))
	case !c.IsMember && (c.IsPrivate || !g.has("chat:write.public")):
		return locale.Errorf("slack.not_in_channel", "channel", cmp.Or(c.Name, id))
	}
	return nil
}
