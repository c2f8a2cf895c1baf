package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"toban/internal/sim/ec2"
	"toban/internal/sim/mailbox"
)

// A rehearsal shows everything in Slack and touches nothing else: the host runs
// no command, the mail stays unread, no file is written.
func TestRehearsal(t *testing.T) {
	each(t, func(t *testing.T, text []byte) {
		s := play(t, text, ec2.Options{}, "--rehearse")
		s.arrives(mailbox.OldMaintenance(s.id))
		s.awaitSocket()
		eventually(t, "the question is posted", func() bool {
			return strings.Contains(strings.Join(s.posts(), "\n"), question(t, s.script.ask))
		})
		s.press("yes")
		s.ends("done")
		all := strings.Join(s.posts(), "\n")
		for _, command := range []string{"describe-instances", "stop-instances", "start-instances"} {
			if !strings.Contains(all, command) {
				t.Errorf("the preview of %s is not in Slack:\n%s", command, all)
			}
		}
		if !strings.Contains(strings.ToLower(all), "rehearsal") {
			t.Errorf("nothing is marked as a rehearsal:\n%s", all)
		}
		settled()
		same(t, "what EC2 was asked", s.cloud.Calls(), []string(nil))
		if s.sshd.Log(t) != "" && strings.Contains(s.sshd.Log(t), "Accepted") {
			t.Error("somebody logged in to the host")
		}
		for _, uid := range s.dovecot.All(t) {
			if s.dovecot.Seen(t, uid) {
				t.Error("the mail was marked as read")
			}
		}
		if _, err := os.Stat(filepath.Join(s.data, "files")); !os.IsNotExist(err) {
			t.Errorf("files were written: %v", err)
		}
	})
}
