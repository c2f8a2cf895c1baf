package slack

import (
	"context"
	"maps"
	"net/url"
	"time"

	slackgo "github.com/slack-go/slack"

	"toban/internal/failpoint"
	"toban/internal/message"
)

// outgoing is one message to post.
type outgoing struct {
	channel string
	args    url.Values // of chat.postMessage
	mark    mark       // zero: none, and a lost answer is an error
}

// post posts a message once: after a lost answer the channel's history says
// whether it is there before it is posted again. It gives where it stands.
func (g *Gateway) post(ctx context.Context, m outgoing) (string, error) {
	begun := time.Now()
	for attempt := 1; ; attempt++ {
		if err := g.pacer.wait(ctx, g.lane(m.channel)); err != nil {
			return "", err
		}
		failpoint.Here(failpoint.PostSending)
		where, err := g.send(ctx, "chat.postMessage", m.channel, m.args, m.mark, false)
		if err == nil {
			failpoint.Here(failpoint.PostSent)
			return where, nil
		}
		if m.mark.key == "" || !ambiguous(err) || ctx.Err() != nil || attempt == maxAttempts {
			return "", err
		}
		seen, lookup := g.find(ctx, search{m.channel, m.args.Get("thread_ts"), m.mark, begun})
		if lookup != nil {
			return "", err // whether it is there can't be known
		}
		if where, there := seen.parts[m.mark.part]; there {
			return where, nil
		}
		if !seen.whole || !sleep(ctx, g.pause) {
			return "", err
		}
	}
}

// send calls one of the chat methods. A rate limit is waited out; a lost answer
// is the caller's unless doing it twice is the same as once.
func (g *Gateway) send(ctx context.Context, method, channel string, args url.Values, m mark, twiceIsOnce bool) (string, error) {
	var id, ts string
	err := g.call(ctx, twiceIsOnce, func(ctx context.Context) (err error) {
		options := []slackgo.MsgOption{slackgo.UnsafeMsgOptionEndpoint(g.endpoint+method, func(v url.Values) { maps.Copy(v, args) })}
		if m.key != "" {
			options = append(options, slackgo.MsgOptionMetadata(m.metadata()))
		}
		id, ts, _, err = g.api.SendMessageContext(ctx, channel, options...)
		return err
	})
	if err != nil {
		if code(err) == "channel_not_found" {
			g.forgetChannel(channel)
		}
		return "", err
	}
	g.rememberChannel(channel, id)
	return ref(id, ts), nil
}

// args makes the arguments of a chat method from a layout. Empty lists are given
// too: an update keeps what is left out.
func (l *layout) args() url.Values {
	v := quiet()
	v.Set("text", l.text)
	v.Set("blocks", jsonList(l.blocks))
	v.Set("attachments", jsonList(l.attachments))
	return v
}

// quiet are the arguments of every message: no previews of links, which would
// fetch and show what outside text points to.
func quiet() url.Values {
	return url.Values{"unfurl_links": {"false"}, "unfurl_media": {"false"}}
}

func textArgs(text, thread string) url.Values {
	v := quiet()
	v.Set("text", text)
	if thread != "" {
		v.Set("thread_ts", thread)
	}
	return v
}

func jsonList(items []message.Value) string {
	return string(message.AppendJSON(nil, message.NewArray(items...)))
}

// postTexts posts a text that may be too long for one message, each part marked.
// An attempt that got half way since then is gone on with.
func (g *Gateway) postTexts(ctx context.Context, channel, thread string, parts []string, m mark, since time.Time) error {
	var done map[int]string
	if len(parts) > 1 && m.key != "" {
		if seen, err := g.find(ctx, search{channel, thread, m, since}); err == nil {
			done = seen.parts
		}
	}
	for i, part := range parts {
		if _, there := done[i]; there {
			continue
		}
		m.part, m.of = i, len(parts)
		if _, err := g.post(ctx, outgoing{channel, textArgs(part, thread), m}); err != nil {
			return err
		}
	}
	return nil
}
