package mailbox

import (
	"slices"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
)

// Seen reports whether the mail is in the inbox and marked as read.
func (s *Server) Seen(uid uint32) bool {
	return slices.Contains(s.find(&imap.SearchCriteria{Flag: []imap.Flag{imap.FlagSeen}}), uid)
}

// SeenSubject reports whether every mail with the subject is marked as read,
// and there is one.
func (s *Server) SeenSubject(subject string) bool {
	seen := s.find(&imap.SearchCriteria{Flag: []imap.Flag{imap.FlagSeen}})
	found := false
	for _, e := range s.entries() {
		if e.Subject == subject {
			if found = true; !slices.Contains(seen, e.UID) {
				return false
			}
		}
	}
	return found
}

// Unread lists the UIDs of the unread mails in the inbox.
func (s *Server) Unread() []uint32 {
	return s.find(&imap.SearchCriteria{NotFlag: []imap.Flag{imap.FlagSeen}})
}

// All lists the UIDs of all mails in the inbox.
func (s *Server) All() []uint32 { return s.find(&imap.SearchCriteria{}) }

func (s *Server) entries() []Entry {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.mails[Inbox])
}

// find looks into the inbox without a connection. It panics if there is none,
// which only NewUIDValidity could cause.
func (s *Server) find(criteria *imap.SearchCriteria) []uint32 {
	s.mu.Lock()
	defer s.mu.Unlock()
	view := imapmemserver.NewUserSession(s.user)
	defer func() { _ = view.Close() }()
	if _, err := view.Select(Inbox, &imap.SelectOptions{ReadOnly: true}); err != nil {
		panic(err)
	}
	data, err := view.Search(imapserver.NumKindUID, criteria, &imap.SearchOptions{})
	if err != nil {
		panic(err)
	}
	var uids []uint32
	for _, uid := range data.AllUIDs() {
		uids = append(uids, uint32(uid))
	}
	return uids
}
