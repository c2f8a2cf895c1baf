package e2e

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"toban/internal/sim/ec2"
	"toban/internal/sim/mailbox"
)

func each(t *testing.T, test func(t *testing.T, text []byte)) { playAll(t, scripts(t, false), test) }

func every(t *testing.T, test func(t *testing.T, text []byte)) { playAll(t, scripts(t, true), test) }

func playAll(t *testing.T, flows map[string][]byte, test func(t *testing.T, text []byte)) {
	t.Parallel()
	for name, text := range flows {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, text)
		})
	}
}

func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("%s (-want +got):\n%s", what, d)
	}
}

// beginning plays the flow up to the open question.
func beginning(t *testing.T, text []byte, o ec2.Options) (s *scene, posts []string) {
	t.Helper()
	s = play(t, text, o)
	subject, body := s.arrives(mailbox.OldMaintenance(s.id))
	s.awaitSocket()
	posts = s.awaitPosts(2)
	want := says(s.script.tell, "{{{topic}}}", subject, "{{{payload}}}", body,
		"{{{"+s.script.look.Text("field")+".stdout}}}", s.id+"\trunning\nweb-1")
	same(t, "the first post", posts[0], want)
	if !strings.HasPrefix(posts[1], question(t, s.script.ask)) {
		t.Errorf("the question is %q", posts[1])
	}
	return s, posts
}

func (s *scene) echoed(value, label string) string {
	return says(s.script.echo, "{{{payload.original_message.text}}}", question(s.t, s.script.ask),
		"{{{answer.value}}}", value, "{{{answer.text}}}", label, "{{{payload.user.name}}}", "hana")
}

func (s *scene) label(value string) string {
	text := s.script.ask.Text("msg")
	at := strings.Index(text, `"value": "`+value+`"`)
	label := text[:at]
	label = label[strings.LastIndex(label, `"text": "`)+len(`"text": "`):]
	return label[:strings.Index(label, `"`)]
}

func TestApproved(t *testing.T) {
	every(t, func(t *testing.T, text []byte) {
		s, _ := beginning(t, text, ec2.Options{})
		s.press("yes")
		s.ends("done")
		posts := s.posts()
		same(t, "the posts after the question", posts[2:], []string{
			s.echoed("yes", s.label("yes")), says(s.script.begin), says(s.script.mid), says(s.script.done),
		})
		same(t, "what EC2 was told", s.calls(), []string{"StopInstances", "StartInstances"})
		s.closed()
		eventually(t, "the mail is read", func() bool { return s.dovecot.Seen(t, s.dovecot.All(t)[0]) })
		i, _ := s.cloud.Instance(s.id)
		same(t, "the instance", i.State, ec2.Running)
	})
}

func TestDenied(t *testing.T) {
	each(t, func(t *testing.T, text []byte) {
		s, _ := beginning(t, text, ec2.Options{})
		s.press("no")
		s.ends("done")
		same(t, "the posts after the question", s.posts()[2:], []string{
			s.echoed("no", s.label("no")), says(s.script.refuse),
		})
		same(t, "what EC2 was told", len(s.calls()), 0)
	})
}

// The question's time runs out while the server is down, which is the harder case.
func TestNobodyAnswers(t *testing.T) {
	each(t, func(t *testing.T, text []byte) {
		s, _ := beginning(t, text, ec2.Options{})
		s.kill()
		passDeadline(t, s.data)
		s.start()
		s.ends("done")
		posts := s.posts()
		same(t, "number of posts", len(posts), 3)
		s.alerted(posts[2], "30 min", "")
		same(t, "what EC2 was told", len(s.calls()), 0)
		s.closed()
	})
}

// closed waits until the card has lost its buttons. The run doesn't wait for
// that: the card only shows what the question's row says.
func (s *scene) closed() {
	s.t.Helper()
	eventually(s.t, "the card has no buttons", func() bool {
		return !strings.Contains(s.posts()[1], "["+s.label("yes")+"]")
	})
}

// alerted checks the post of the catch branch: the template around an error
// message that has why, and a payload that has what.
func (s *scene) alerted(post, why, what string) {
	s.t.Helper()
	before, after, _ := strings.Cut(says(s.script.alert), "{{{error.message}}}")
	fence, _, _ := strings.Cut(after, "{{{payload}}}")
	if !strings.HasPrefix(post, before) || !strings.Contains(post, fence) {
		s.t.Errorf("the alert doesn't follow its template: %q", post)
	}
	if !strings.Contains(post, why) || !strings.Contains(post, what) {
		s.t.Errorf("the alert says neither %q nor %q: %q", why, what, post)
	}
}

func TestHostIsDown(t *testing.T) {
	each(t, func(t *testing.T, text []byte) {
		s := play(t, text, ec2.Options{})
		s.sshd.Stop()
		_, body := s.arrives(mailbox.OldMaintenance(s.id))
		s.ends("done")
		posts := s.posts()
		same(t, "number of posts", len(posts), 1)
		s.alerted(posts[0], s.sshd.Address(), strings.SplitN(body, "\n", 2)[0])
	})
}

func TestMailWithoutInstance(t *testing.T) {
	each(t, func(t *testing.T, text []byte) {
		s := play(t, text, ec2.Options{})
		m := mailbox.OldMaintenance(s.id)
		m.Text = "One of your instances needs maintenance.\r\n"
		s.arrives(m)
		s.ends("done")
		posts := s.posts()
		same(t, "number of posts", len(posts), 1)
		s.alerted(posts[0], "", "One of your instances needs maintenance.")
		same(t, "what EC2 was told", len(s.calls()), 0)
	})
}

func TestUnrelatedMail(t *testing.T) {
	each(t, func(t *testing.T, text []byte) {
		s := play(t, text, ec2.Options{})
		s.arrives(mailbox.Unrelated())
		s.ends("done")
		eventually(t, "the mail is read", func() bool { return s.dovecot.Seen(t, s.dovecot.All(t)[0]) })
		same(t, "posts", len(s.posts()), 0)
	})
}

func TestKilledWhileAsking(t *testing.T) {
	each(t, func(t *testing.T, text []byte) {
		s, before := beginning(t, text, ec2.Options{})
		s.restart()
		eventually(t, "the new server's socket to Slack is open", func() bool { return s.slack.Sockets() == 1 })
		settled()
		same(t, "posts after the restart", s.posts(), before)
		s.press("yes")
		s.ends("done")
		same(t, "number of posts", len(s.posts()), 6)
		same(t, "what EC2 was told", s.calls(), []string{"StopInstances", "StartInstances"})
	})
}

func TestKilledWhileStopping(t *testing.T) {
	every(t, func(t *testing.T, text []byte) {
		s, _ := beginning(t, text, ec2.Options{Stopping: 3 * time.Second})
		s.press("yes")
		eventually(t, "EC2 is told to stop", func() bool { return len(s.calls()) == 1 })
		s.restart()
		posts := s.awaitPosts(5) // after the opening, the echo and the beginning: the card that asks
		if !strings.Contains(posts[4], "stop-instances") {
			t.Errorf("the card doesn't show the command: %q", posts[4])
		}
		settled()
		same(t, "what EC2 was told", s.calls(), []string{"StopInstances"})
		same(t, "status", s.runs()[0].Status+" "+s.runs()[0].Waiting, "waiting unknown")
		s.awaitSocket()
		s.press("run_again")
		s.ends("done")
		same(t, "what EC2 was told", s.calls(), []string{"StopInstances", "StopInstances", "StartInstances"})
		same(t, "the last post", s.posts()[len(s.posts())-1], says(s.script.done))
	})
}
