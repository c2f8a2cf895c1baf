package slack

import (
	"context"
	"errors"
	"sync"
	"time"

	slackgo "github.com/slack-go/slack"
)

// The patience of calls. A call that is refused for its rate waits as Slack says;
// one that failed otherwise waits longer each time.
const (
	maxAttempts   = 5
	maxRetryAfter = 2 * time.Minute
	firstPause    = 500 * time.Millisecond
	callTimeout   = 30 * time.Second
)

// temporary codes say that Slack failed, not the caller.
var temporary = map[string]bool{"internal_error": true, "fatal_error": true, "service_unavailable": true, "request_timeout": true}

// call does f until it succeeds or it is no use. A rate limit is always waited
// out: Slack has then done nothing. A lost or broken answer is tried again only
// if doing it twice is the same as once.
func (g *Gateway) call(ctx context.Context, twiceIsOnce bool, f func(context.Context) error) error {
	pause := g.pause
	for attempt := 1; ; attempt++ {
		err := g.once(ctx, f)
		if err == nil || ctx.Err() != nil || attempt == maxAttempts {
			return err
		}
		wait := pause
		if limited, ok := errors.AsType[*slackgo.RateLimitedError](err); ok {
			wait = limited.RetryAfter
			if wait > maxRetryAfter {
				return err
			}
		} else if !twiceIsOnce || !ambiguous(err) {
			return err
		}
		if !sleep(ctx, wait) {
			return err
		}
		pause *= 2
	}
}

func (g *Gateway) once(ctx context.Context, f func(context.Context) error) error {
	ctx, stop := context.WithTimeout(ctx, callTimeout)
	defer stop()
	return f(ctx)
}

// ambiguous reports whether a failed call may have been done all the same.
func ambiguous(err error) bool {
	if c := code(err); c != "" {
		return temporary[c]
	}
	if _, limited := errors.AsType[*slackgo.RateLimitedError](err); limited {
		return false
	}
	if status, ok := errors.AsType[slackgo.StatusCodeError](err); ok {
		return status.Code >= 500
	}
	return true // the transport broke
}

func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// pacer spaces the posts of each channel: Slack takes about one a second, and
// short bursts. Channels don't wait for each other.
type pacer struct {
	every time.Duration
	burst int

	mu  sync.Mutex
	due map[string]time.Time // when a post would be exactly on time
}

// wait takes the next place in the channel's queue and waits for it.
func (p *pacer) wait(ctx context.Context, channel string) error {
	if d := p.take(channel, time.Now()); d > 0 && !sleep(ctx, d) {
		return ctx.Err()
	}
	return ctx.Err()
}

func (p *pacer) take(channel string, now time.Time) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.due == nil || len(p.due) > 10000 {
		p.due = map[string]time.Time{} // forgetting makes one burst, no more
	}
	due := p.due[channel]
	if due.Before(now) {
		due = now
	}
	p.due[channel] = due.Add(p.every)
	return due.Add(-time.Duration(p.burst-1) * p.every).Sub(now)
}
