package emailin

import (
	"context"
	"time"

	"toban/internal/locale"
	"toban/internal/node"
)

// Run polls until ctx ends. An error is shown under the node and the poll is
// tried again after growing pauses.
func (n *Node) Run(ctx context.Context, out node.Emitter) error {
	p := &poller{Node: n, out: out, held: map[uint32]held{}}
	defer p.disconnect()
	var pause backoff
	for said := ""; ctx.Err() == nil; {
		err := p.poll(ctx)
		if ctx.Err() != nil {
			break
		}
		said = n.report(err, said)
		n.sleep(ctx, pause.next(n.repeat(), err != nil))
	}
	return nil
}

// report shows how a poll ended, and logs an error when it is another than
// the last one, which it returns.
func (n *Node) report(err error, last string) string {
	if err == nil {
		return ""
	}
	n.status("red", "ring", func(lang locale.Lang) string { return lang.Err(err) })
	text := err.Error()
	if text != last {
		n.env.Log(node.Error, locale.Errorf("emailin.failed", "node", n.env.Label()).Because(err))
	}
	return text
}

func (n *Node) status(fill, shape string, text func(locale.Lang) string) {
	n.env.Do(func() {
		n.env.Status(node.Status{Fill: fill, Shape: shape, Text: text(n.env.Lang())})
	})
}

func say(key string, pairs ...any) func(locale.Lang) string {
	return func(lang locale.Lang) string { return lang.Text(key, pairs...) }
}

// sleep waits d, less if there is a decision to act on.
func (n *Node) sleep(ctx context.Context, d time.Duration) {
	due := make(chan struct{})
	cancel := n.env.After(d, func() { close(due) })
	defer cancel()
	select {
	case <-due:
	case <-n.wake:
	case <-ctx.Done():
	}
}

// rehearsing asks the engine, in the loop, whether this node's runs are rehearsals.
func (n *Node) rehearsing(ctx context.Context) bool {
	answer := make(chan bool, 1)
	n.env.Do(func() { answer <- n.env.Setting("rehearse") == true })
	select {
	case yes := <-answer:
		return yes
	case <-ctx.Done():
		return true // nothing is marked any more
	}
}

// longestPause is the longest pause after errors, unless polls are rarer anyway.
const longestPause = 5 * time.Minute

// backoff doubles the pause with every error in a row.
type backoff struct{ last time.Duration }

func (b *backoff) next(repeat time.Duration, failed bool) time.Duration {
	if !failed {
		b.last = 0
		return repeat
	}
	if b.last == 0 {
		b.last = min(repeat, 5*time.Second)
	} else {
		b.last = min(2*b.last, max(repeat, longestPause))
	}
	return b.last
}
