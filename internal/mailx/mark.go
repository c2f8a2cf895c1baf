package mailx

import (
	"context"

	"github.com/emersion/go-imap/v2"

	"toban/internal/failpoint"
)

// MarkSeen sets \Seen on the mails. Mails that are gone are no error.
func (c *Client) MarkSeen(ctx context.Context, uids ...uint32) error {
	return c.flag(ctx, uids, imap.FlagSeen)
}

// Delete removes the mails for good. On a server without UIDPLUS other mails
// that are flagged \Deleted go with them, as IMAP has no other way.
func (c *Client) Delete(ctx context.Context, uids ...uint32) error {
	if err := c.flag(ctx, uids, imap.FlagSeen, imap.FlagDeleted); err != nil || len(uids) == 0 {
		return err
	}
	err := c.do(ctx, func() error {
		if c.imap.Caps().Has(imap.CapUIDPlus) {
			return c.imap.UIDExpunge(uidSet(uids)).Close()
		}
		return c.imap.Expunge().Close()
	})
	failpoint.Here(failpoint.MailExpunged)
	return err
}

func (c *Client) flag(ctx context.Context, uids []uint32, flags ...imap.Flag) error {
	if len(uids) == 0 {
		return nil
	}
	return c.do(ctx, func() error {
		store := &imap.StoreFlags{Op: imap.StoreFlagsAdd, Silent: true, Flags: flags}
		failpoint.Here(failpoint.MailMarking)
		err := c.imap.Store(uidSet(uids), store, nil).Close()
		failpoint.Here(failpoint.MailMarked)
		return err
	})
}
