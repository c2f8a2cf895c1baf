package dovecot

import (
	"fmt"
	"slices"
	"testing"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// Login opens a connection of the test's own, closed at its end.
func (s *Server) Login(t testing.TB) *imapclient.Client {
	t.Helper()
	c, err := imapclient.DialInsecure(fmt.Sprintf("%s:%d", s.Host, s.Port), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	if err := c.Login(User, Password).Wait(); err != nil {
		t.Fatal(err)
	}
	return c
}

// Add delivers a mail to the inbox and gives its UID.
func (s *Server) Add(t testing.TB, raw []byte) uint32 {
	t.Helper()
	c := s.Login(t)
	cmd := c.Append("INBOX", int64(len(raw)), nil)
	if _, err := cmd.Write(raw); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Close(); err != nil {
		t.Fatal(err)
	}
	data, err := cmd.Wait()
	if err != nil {
		t.Fatal(err)
	}
	return uint32(data.UID)
}

// Seen reports whether the mail is in the inbox and marked as read.
func (s *Server) Seen(t testing.TB, uid uint32) bool {
	t.Helper()
	return slices.Contains(s.search(t, &imap.SearchCriteria{Flag: []imap.Flag{imap.FlagSeen}}), uid)
}

// All lists the UIDs of all mails in the inbox.
func (s *Server) All(t testing.TB) []uint32 {
	t.Helper()
	return s.search(t, &imap.SearchCriteria{})
}

func (s *Server) search(t testing.TB, criteria *imap.SearchCriteria) (uids []uint32) {
	t.Helper()
	c := s.Login(t)
	if _, err := c.Select("INBOX", &imap.SelectOptions{ReadOnly: true}).Wait(); err != nil {
		t.Fatal(err)
	}
	data, err := c.UIDSearch(criteria, nil).Wait()
	if err != nil {
		t.Fatal(err)
	}
	for _, uid := range data.AllUIDs() {
		uids = append(uids, uint32(uid))
	}
	return uids
}
