package dovecot_test

import (
	"testing"

	"toban/internal/testparts/dovecot"
)

func TestMailIsDeliveredAndUnread(t *testing.T) {
	s := dovecot.Start(t)
	uid := s.Add(t, []byte("Subject: hello\r\n\r\nbody\r\n"))
	if s.Seen(t, uid) {
		t.Error("a new mail is marked as read")
	}
	if all := s.All(t); len(all) != 1 || all[0] != uid {
		t.Errorf("inbox holds %v, want [%d]", all, uid)
	}
}
