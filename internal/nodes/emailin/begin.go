package emailin

import (
	"context"
	"slices"
	"time"

	"github.com/emersion/go-imap/v2"

	"toban/internal/mailx"
)

// begin finds the node's place in the folder. A new folder with a backlog has
// none until a person has decided: then begun is false.
func (p *poller) begin(ctx context.Context, box mailx.Box, unread []uint32) (begun bool, err error) {
	if p.place == nil {
		if p.place, err = p.stored(ctx); err != nil {
			return false, err
		}
	}
	switch {
	case p.place == nil:
		return p.beginNew(ctx, box, unread)
	case p.place.validity != box.UIDValidity:
		return true, p.renumbered(ctx, box, unread)
	}
	p.decided()
	p.place.keepUnread(unread)
	return true, nil
}

func (p *poller) stored(ctx context.Context) (*place, error) {
	v, err := p.out.Cursor(ctx)
	if err != nil {
		return nil, err
	}
	return readPlace(v, p.mailboxName()), nil
}

// beginNew begins a folder that is new to the node, or asks where to begin.
func (p *poller) beginNew(ctx context.Context, box mailx.Box, unread []uint32) (bool, error) {
	chosen := p.decision()
	if chosen == nil && len(unread) > askFrom {
		p.ask(backlog{count: len(unread), next: nextUID(box, unread)})
		return false, nil
	}
	begun := p.newPlace(box)
	if chosen != nil && chosen.option == OnlyFromNow {
		begun.floor = chosen.next
		old := slices.DeleteFunc(slices.Clone(unread), func(uid uint32) bool { return uid >= chosen.next })
		arrived, err := p.client.Arrived(ctx, old)
		if err != nil {
			return false, err
		}
		begun.since = newest(arrived)
	}
	if err := p.out.SetCursor(ctx, begun.value()); err != nil {
		return false, err
	}
	p.place = begun
	p.decided()
	return true, nil
}

// renumbered goes on after the server gave the folder new UIDs. What a floor
// kept out is told by the time when it arrived; what was handled already, by
// the events' keys.
func (p *poller) renumbered(ctx context.Context, box mailx.Box, unread []uint32) error {
	next := p.newPlace(box)
	next.since = p.place.since
	if !next.since.IsZero() {
		arrived, err := p.client.Arrived(ctx, unread)
		if err != nil {
			return err
		}
		for _, uid := range unread {
			if at, ok := arrived[uid]; ok && !at.After(next.since) {
				next.done.AddNum(imap.UID(uid))
			}
		}
	}
	if err := p.out.SetCursor(ctx, next.value()); err != nil {
		return err
	}
	p.place = next
	clear(p.held)
	return nil
}

// nextUID is the UID of the next mail to arrive.
func nextUID(box mailx.Box, unread []uint32) uint32 {
	if box.UIDNext != 0 {
		return box.UIDNext
	}
	return slices.Max(unread) + 1
}

func newest(arrived map[uint32]time.Time) (last time.Time) {
	for _, at := range arrived {
		if at.After(last) {
			last = at
		}
	}
	return last
}
