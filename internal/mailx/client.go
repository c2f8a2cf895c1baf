package mailx

import (
	"cmp"
	"context"
	"io"
	"slices"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

const (
	// responseBudget bounds what a server may send beside a mail's text: an
	// answer to SEARCH lists up to a million numbers.
	responseBudget = 16 << 20
	// fetchBudget bounds the same while one mail is fetched, whose flags and
	// dates are short.
	fetchBudget = 1 << 20
	byeTime     = 2 * time.Second
)

// Box is a selected mailbox folder.
type Box struct {
	Name        string
	UIDValidity uint32 // UIDs mean the same mails only while this stays the same
	UIDNext     uint32 // at least this is the UID of the next mail to arrive; 0 if the server doesn't say
}

// Raw is one mail as the server gave it.
type Raw struct {
	UID      uint32
	Received time.Time // IMAP's internal date
	Size     int64     // whole size in bytes
	Data     []byte
	Cut      bool // Data is only the beginning
}

// do runs one operation within the bounds of the configuration.
func (c *Client) do(ctx context.Context, f func() error) error {
	return c.doWithin(ctx, responseBudget, f)
}

// doWithin is do for an operation in which the server may send so many bytes.
func (c *Client) doWithin(ctx context.Context, budget int64, f func() error) error {
	stop := c.conn.watch(ctx, c.cfg, budget)
	err := f()
	stop()
	return c.explain(ctx, err)
}

// Select opens a folder; readOnly makes the server refuse every change.
func (c *Client) Select(ctx context.Context, folder string, readOnly bool) (Box, error) {
	err := c.do(ctx, func() error {
		data, err := c.imap.Select(folder, &imap.SelectOptions{ReadOnly: readOnly}).Wait()
		if err != nil {
			return err
		}
		c.box = Box{Name: folder, UIDValidity: data.UIDValidity, UIDNext: uint32(data.UIDNext)}
		return nil
	})
	if isNo(err) {
		return Box{}, c.noFolder(ctx, folder, err)
	}
	return c.box, err
}

// Unseen lists the UIDs of the unread mails in ascending order. since, unless
// zero, leaves out mails that arrived on earlier days.
func (c *Client) Unseen(ctx context.Context, since time.Time) ([]uint32, error) {
	var uids []uint32
	err := c.do(ctx, func() error {
		criteria := &imap.SearchCriteria{NotFlag: []imap.Flag{imap.FlagSeen}, Since: since}
		data, err := c.imap.UIDSearch(criteria, nil).Wait()
		if err != nil {
			return err
		}
		for _, uid := range data.AllUIDs() {
			uids = append(uids, uint32(uid))
		}
		slices.Sort(uids)
		return nil
	})
	return slices.Compact(uids), err
}

// Fetch gives one mail without marking it, or nil if it is gone. Of a mail
// above MaxMail only the beginning is fetched.
func (c *Client) Fetch(ctx context.Context, uid uint32) (*Raw, error) {
	raw, err := c.meta(ctx, uid)
	if raw == nil || err != nil {
		return nil, err
	}
	section := &imap.FetchItemBodySection{Peek: true}
	if raw.Size > c.cfg.MaxMail {
		section.Partial = &imap.SectionPartial{Size: c.cfg.MaxMail}
		raw.Cut = true
	}
	found := false
	err = c.fetch(ctx, uid, &imap.FetchOptions{UID: true, BodySection: []*imap.FetchItemBodySection{section}},
		func(item imapclient.FetchItemData) error {
			body, ok := item.(imapclient.FetchItemDataBodySection)
			if !ok || body.Literal == nil {
				return nil
			}
			found = true
			raw.Data, err = readCapped(body.Literal, c.cfg.MaxMail)
			return err
		})
	if err != nil || !found {
		return nil, err
	}
	return raw, nil
}

// meta fetches what must be known before the text is; nil if the mail is gone.
func (c *Client) meta(ctx context.Context, uid uint32) (*Raw, error) {
	raw := &Raw{UID: uid}
	found := false
	err := c.fetch(ctx, uid, &imap.FetchOptions{UID: true, InternalDate: true, RFC822Size: true},
		func(item imapclient.FetchItemData) error {
			switch item := item.(type) {
			case imapclient.FetchItemDataInternalDate:
				raw.Received = item.Time
			case imapclient.FetchItemDataRFC822Size:
				raw.Size, found = item.Size, true
			}
			return nil
		})
	if err != nil || !found {
		return nil, err
	}
	return raw, nil
}

// fetch hands the items of one mail to take. Responses about other mails,
// which a server may send at any time, are skipped.
func (c *Client) fetch(ctx context.Context, uid uint32, options *imap.FetchOptions, take func(imapclient.FetchItemData) error) error {
	return c.doWithin(ctx, fetchBudget+c.cfg.MaxMail, func() error {
		cmd := c.imap.Fetch(imap.UIDSetNum(imap.UID(uid)), options)
		for msg := cmd.Next(); msg != nil; msg = cmd.Next() {
			mine := false
			for item := msg.Next(); item != nil; item = msg.Next() {
				if id, ok := item.(imapclient.FetchItemDataUID); ok {
					mine = uint32(id.UID) == uid
				} else if mine {
					if err := take(item); err != nil {
						c.conn.kill(err)
						_ = cmd.Close() // take's error says more
						return err
					}
				}
			}
		}
		return cmd.Close()
	})
}

// Arrived gives the internal dates of mails, in one round trip.
func (c *Client) Arrived(ctx context.Context, uids []uint32) (map[uint32]time.Time, error) {
	dates := make(map[uint32]time.Time, len(uids))
	if len(uids) == 0 {
		return dates, nil
	}
	err := c.do(ctx, func() error {
		mails, err := c.imap.Fetch(uidSet(uids), &imap.FetchOptions{UID: true, InternalDate: true}).Collect()
		for _, m := range mails {
			dates[uint32(m.UID)] = m.InternalDate
		}
		return err
	})
	return dates, err
}

func readCapped(r io.Reader, most int64) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, most+1))
	if err == nil && int64(len(data)) > most {
		err = errTooMuch
	}
	return data, err
}

func uidSet(uids []uint32) imap.UIDSet {
	var set imap.UIDSet
	for _, uid := range slices.SortedFunc(slices.Values(uids), cmp.Compare[uint32]) {
		set.AddNum(imap.UID(uid))
	}
	return set
}
