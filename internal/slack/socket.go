package slack

import (
	"context"
	"encoding/json"
	"log/slog"
	"sync"
	"time"

	slackgo "github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"toban/internal/failpoint"
)

// Pauses between attempts of a connection that Slack refuses.
const (
	firstReconnect = 5 * time.Second
	maxReconnect   = 5 * time.Minute
)

// lastGrace is how long clicks that were acknowledged may still take at the end.
const lastGrace = 5 * time.Second

// handlers is how many clicks are worked on at a time.
const handlers = 16

// run serves the connection until ctx ends. It returns once everything that it
// started has ended.
func (g *Gateway) run(ctx context.Context) {
	var clicks sync.WaitGroup
	defer clicks.Wait()
	slots := make(chan struct{}, handlers)
	take := func(payload string) {
		clicks.Go(func() {
			select {
			case slots <- struct{}{}:
				defer func() { <-slots }()
				g.finish(ctx, payload)
			case <-ctx.Done():
			}
		})
	}
	pause := firstReconnect
	for ctx.Err() == nil {
		began := time.Now()
		err := g.connect(ctx, take)
		if ctx.Err() != nil {
			return
		}
		if time.Since(began) > maxReconnect {
			pause = firstReconnect
		}
		err = explain(err, "")
		g.setErr(err)
		g.log.Error("the Slack connection failed", "error", err, "again in", pause)
		sleep(ctx, pause)
		pause = min(pause*2, maxReconnect)
	}
}

// finish handles a click; one that was acknowledged before the end is still
// carried to its end.
func (g *Gateway) finish(ctx context.Context, payload string) {
	work, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	defer context.AfterFunc(ctx, func() { time.AfterFunc(g.grace, stop) })()
	g.handle(work, payload)
}

// connect authenticates, then holds a Socket Mode connection for as long as Slack
// doesn't refuse it. Without an app token it only authenticates.
func (g *Gateway) connect(ctx context.Context, take func(string)) error {
	if err := g.Authenticate(ctx); err != nil {
		return err
	}
	if g.cfg.AppToken == "" {
		<-ctx.Done()
		return ctx.Err()
	}
	ctx, stop := context.WithCancel(ctx)
	client := g.newSocket()
	var reader sync.WaitGroup
	reader.Go(func() {
		for {
			select {
			case e := <-client.Events:
				g.event(ctx, client, e, take)
			case <-ctx.Done():
				return
			}
		}
	})
	defer reader.Wait()
	defer stop()
	return client.RunContext(ctx)
}

// maxEnvelope bounds what one envelope may hold; Slack's are far smaller.
const maxEnvelope = 4 << 20

func (g *Gateway) newSocket() *socketmode.Client {
	return socketmode.New(g.api, socketmode.OptionReadLimit(maxEnvelope),
		socketmode.OptionLog(slog.NewLogLogger(g.log.Handler(), slog.LevelDebug)))
}

// event takes what comes over the socket: first the acknowledgement, then the work.
func (g *Gateway) event(ctx context.Context, client *socketmode.Client, e socketmode.Event, take func(string)) {
	switch e.Type {
	case socketmode.EventTypeHello:
		g.setErr(nil)
		g.log.Info("connected to Slack", "connections", e.Request.NumConnections)
		if e.Request.NumConnections > 1 {
			g.log.Warn("other programs hold connections of this Slack app; a click reaches only one of them", "connections", e.Request.NumConnections)
		}
	case socketmode.EventTypeInteractive:
		g.acknowledge(ctx, client, e.Request.EnvelopeID)
		failpoint.Here(failpoint.ClickTaken)
		take(string(e.Request.Payload))
	case socketmode.EventTypeEventsAPI, socketmode.EventTypeSlashCommand:
		g.acknowledge(ctx, client, e.Request.EnvelopeID)
	case socketmode.EventTypeErrorBadMessage:
		g.unread(ctx, client, e.Data, take)
	case socketmode.EventTypeConnectionError:
		if failed, ok := e.Data.(*slackgo.ConnectionErrorEvent); ok {
			err := explain(failed.ErrorObj, "")
			g.setErr(err)
			g.log.Warn("no Slack connection", "error", err, "again in", failed.Backoff)
		}
	case socketmode.EventTypeIncomingError, socketmode.EventTypeErrorWriteFailed:
		g.log.Warn("trouble with the Slack connection", "kind", e.Type, "detail", e.Data)
	}
}

// unread takes an envelope that the library couldn't read whole: our own reader
// wants less of it, and a click must not get lost over a new kind of block.
func (g *Gateway) unread(ctx context.Context, client *socketmode.Client, data any, take func(string)) {
	bad, ok := data.(*socketmode.ErrorBadMessage)
	if !ok {
		return
	}
	var envelope struct {
		ID      string          `json:"envelope_id"`
		Type    string          `json:"type"`
		Payload json.RawMessage `json:"payload"`
	}
	if json.Unmarshal(bad.Message, &envelope) != nil || envelope.ID == "" {
		return
	}
	g.acknowledge(ctx, client, envelope.ID)
	if envelope.Type == socketmode.RequestTypeInteractive {
		take(string(envelope.Payload))
	}
}

func (g *Gateway) acknowledge(ctx context.Context, client *socketmode.Client, envelope string) {
	if err := client.AckCtx(ctx, envelope, nil); err != nil {
		g.log.Warn("a click could not be acknowledged", "error", err)
	}
}
