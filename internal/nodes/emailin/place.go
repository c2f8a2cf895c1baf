package emailin

import (
	"math"
	"strconv"
	"time"

	"github.com/emersion/go-imap/v2"

	"toban/internal/mailx"
	"toban/internal/message"
)

// place is the node's place in a folder, kept durably.
type place struct {
	mailbox  string // whose folder it is; another one is a new beginning
	validity uint32 // UIDVALIDITY that the UIDs belong to
	floor    uint32 // mails with smaller UIDs are never fetched
	// since is when the newest mail below floor arrived. It takes the place of
	// floor when the UIDs become invalid. Zero: no floor was chosen.
	since time.Time
	// done are unread mails that were handled and are to stay unread;
	// rehearsed are those that were only rehearsed.
	done, rehearsed imap.UIDSet
}

func (n *Node) mailboxName() string {
	return n.mail.User + "@" + n.mail.Host + "/" + n.Box
}

// readPlace gives nil if the value is no place in this mailbox.
func readPlace(v message.Value, mailbox string) *place {
	obj, _ := v.(*message.Object)
	if obj == nil || obj.Text("mailbox") != mailbox {
		return nil
	}
	p := &place{
		mailbox: mailbox, validity: number(obj, "validity"), floor: number(obj, "floor"),
		done: uids(obj.Text("done")), rehearsed: uids(obj.Text("rehearsed")),
	}
	if date, ok := obj.Get("since").(message.Date); ok {
		p.since, _ = date.Time()
	}
	return p
}

func (p *place) value() message.Value {
	b := message.NewBuilder(6)
	b.Set("mailbox", p.mailbox)
	b.Set("validity", float64(p.validity))
	b.Set("floor", float64(p.floor))
	if !p.since.IsZero() {
		b.Set("since", message.DateOf(p.since))
	}
	b.Set("done", p.done.String())
	b.Set("rehearsed", p.rehearsed.String())
	return b.Object()
}

// keepUnread forgets what is not unread any more, so that the sets stay small.
func (p *place) keepUnread(unread []uint32) {
	p.done, p.rehearsed = intersect(p.done, unread), intersect(p.rehearsed, unread)
}

// takes reports whether the mail is to be fetched.
func (p *place) takes(uid uint32, mode mode) bool {
	switch {
	case uid < p.floor, p.done.Contains(imap.UID(uid)):
		return false
	}
	return mode != rehearsal || !p.rehearsed.Contains(imap.UID(uid))
}

// newPlace is where a folder is begun.
func (n *Node) newPlace(box mailx.Box) *place {
	return &place{mailbox: n.mailboxName(), validity: box.UIDValidity}
}

func intersect(set imap.UIDSet, with []uint32) (out imap.UIDSet) {
	for _, uid := range with {
		if set.Contains(imap.UID(uid)) {
			out.AddNum(imap.UID(uid))
		}
	}
	return out
}

func number(obj *message.Object, key string) uint32 {
	n, _ := obj.Get(key).(float64)
	if n < 0 || n > math.MaxUint32 || math.IsNaN(n) {
		return 0
	}
	return uint32(n)
}

// uids reads the text form of a set: "1:5,9". What is none is left out.
func uids(text string) (set imap.UIDSet) {
	for first, last := range ranges(text) {
		set.AddRange(imap.UID(first), imap.UID(last))
	}
	return set
}

func parseUID(text string) uint32 {
	n, _ := strconv.ParseUint(text, 10, 32) // 0 is no UID
	return uint32(n)
}
