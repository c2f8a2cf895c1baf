package emailin

import (
	"context"
	"time"

	"github.com/emersion/go-imap/v2"

	"toban/internal/mailx"
	"toban/internal/node"
)

const (
	batch    = 20              // mails between two rounds of marking
	patience = 5 * time.Second // how long a round waits for events to be safe
	maxHeld  = 200             // from here on a poll takes nothing new
)

// held is a mail whose event was taken but is not known to be safe yet.
type held struct {
	receipt node.Receipt
	mode    mode
}

// handle emits an event for each mail that is to be fetched, and marks the
// mails whose events are safe. It gives the number of mails that it emitted.
// One mail at a time is in memory; Emit holds it up when the engine is behind.
func (p *poller) handle(ctx context.Context, unread []uint32) (emitted int, err error) {
	fresh := 0
	for _, uid := range unread {
		now := p.mode(ctx)
		if _, taken := p.held[uid]; taken || !p.place.takes(uid, now) {
			continue
		}
		if len(p.held) >= maxHeld {
			break
		}
		took, err := p.take(ctx, uid, now)
		if err != nil {
			return emitted, err
		}
		if took {
			emitted++
			fresh++
		}
		if fresh == batch {
			fresh = 0
			if err := p.acknowledge(ctx); err != nil {
				return emitted, err
			}
		}
	}
	return emitted, p.acknowledge(ctx)
}

// take fetches one mail and emits its event; false if the mail is gone.
func (p *poller) take(ctx context.Context, uid uint32, now mode) (bool, error) {
	raw, err := p.client.Fetch(ctx, uid)
	if raw == nil || err != nil {
		return false, err
	}
	mail := mailx.Parse(raw.Data)
	mail.Cut = mail.Cut || raw.Cut
	event := node.Event{Key: key(raw, mail), Title: title(mail), Msg: toMessage(raw, mail)}
	if now == rehearsal {
		event.Key = "rehearsal:" + event.Key // the real run is still to come
	}
	receipt, err := p.out.Emit(ctx, event)
	if err != nil {
		return false, err
	}
	p.held[uid] = held{receipt, now}
	return true, nil
}

// acknowledge marks the held mails whose events are safe, each as the node is set.
func (p *poller) acknowledge(ctx context.Context) error {
	if len(p.held) == 0 {
		return nil
	}
	safe := p.safe(ctx)
	changed := p.remember(safe)
	if p.rehearsing(ctx) { // switched on meanwhile: the mails stay as they are
		safe[mark], safe[remove] = nil, nil
	}
	if err := p.client.MarkSeen(ctx, safe[mark]...); err != nil {
		return err
	}
	if err := p.client.Delete(ctx, safe[remove]...); err != nil {
		return err
	}
	if changed {
		return p.out.SetCursor(ctx, p.place.value())
	}
	return nil
}

// safe takes out the mails whose events are safe, by what is to happen to them.
func (p *poller) safe(ctx context.Context) map[mode][]uint32 {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	defer p.env.After(patience, stop)()
	found := map[mode][]uint32{}
	for uid, h := range p.held {
		if h.receipt.Safe(ctx) == nil { // not yet: the next round asks again
			found[h.mode] = append(found[h.mode], uid)
			delete(p.held, uid)
		}
	}
	return found
}

// remember notes the mails that stay unread, so that they are not taken again.
func (p *poller) remember(safe map[mode][]uint32) (changed bool) {
	for _, uid := range safe[keep] {
		p.place.done.AddNum(imap.UID(uid))
	}
	for _, uid := range safe[rehearsal] {
		p.place.rehearsed.AddNum(imap.UID(uid))
	}
	return len(safe[keep])+len(safe[rehearsal]) > 0
}
