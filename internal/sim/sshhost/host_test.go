package sshhost

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"toban/internal/sim/ec2"
	"toban/internal/sshx"
)

const (
	web       = "i-0123456789abcdef0"
	describe  = "aws ec2 describe-instances --instance-id " + web + " --query '" + seedQuery + "' --output text"
	seedQuery = "Reservations[*].Instances[*].[InstanceId,State.Name,Tags[?Key==`Name`].Value]"
)

func start(t *testing.T) (*ec2.Cloud, *Host) {
	t.Helper()
	cloud := ec2.New(ec2.Options{Pending: 50 * time.Millisecond, Stopping: 50 * time.Millisecond})
	t.Cleanup(cloud.Close)
	cloud.AddInstance(ec2.Instance{ID: web, Name: "web-1", State: ec2.Running})
	host, err := Start(cloud, Options{User: "ops", Password: "secret", Poll: 5 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = host.Close() })
	return cloud, host
}

func login(t *testing.T, h *Host, change ...func(*sshx.Config)) *sshx.Client {
	t.Helper()
	c := sshx.Config{Host: "127.0.0.1", Port: h.Port(), User: "ops", Password: "secret", HostKey: h.HostKey(), DialTimeout: 5 * time.Second}
	for _, f := range change {
		f(&c)
	}
	client, err := sshx.New(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	return client
}

// TestRestart does to an instance what the runbook does.
func TestRestart(t *testing.T) {
	cloud, host := start(t)
	client := login(t, host)
	texts := []string{
		describe,
		"aws ec2 stop-instances --instance-id " + web + "\naws ec2 wait instance-stopped --instance-id " + web,
		" aws ec2 start-instances --instance-id " + web + "\naws ec2 wait instance-running --instance-id " + web,
	}
	for i, text := range texts {
		r, err := client.Exec(t.Context(), sshx.Command{Text: text, Timeout: time.Minute})
		if err != nil || r.Code != 0 {
			t.Fatalf("%s: %d, %v\n%s", text, r.Code, err, r.Stderr.Text)
		}
		if i == 0 && r.Stdout.Text != web+"\trunning\nweb-1\n" {
			t.Errorf("describe printed %q", r.Stdout.Text)
		}
		in, _ := cloud.Instance(web)
		if want := []ec2.State{ec2.Running, ec2.Stopped, ec2.Running}[i]; in.State != want {
			t.Errorf("after %q: %s", text, in.State)
		}
	}
	if !cmp.Equal(host.Executed(), texts) {
		t.Errorf("executed: %q", host.Executed())
	}
}

func TestShell(t *testing.T) {
	_, host := start(t)
	client := login(t, host)
	for _, test := range []struct {
		text, out, err string
		code           int
	}{
		{text: "echo a  'b  c' \"d  e\" f\\ g", out: "a b  c d  e f g\n"},
		{text: "x=1; echo $x \"${x}2\" '$x'", out: "1 12 $x\n"},
		{text: "false\ntrue", out: ""},
		{text: "true\nfalse", code: 1},
		{text: "false && echo a || echo b", out: "b\n"},
		{text: "true || echo a; echo c", out: "c\n"},
		{text: "exit 7\necho never", code: 7},
		{text: "false; exit", code: 1},
		{text: "echo out; echo err >&2", out: "out\n", err: "err\n"},
		{text: "nothing-here 2>/dev/null; echo $?", out: "127\n"},
		{text: "rm -rf /tmp/x", err: "sh: rm: command not found\n", code: 127},
		{text: "cat; echo end # and more", out: "end\n"},
		{text: "sh -c 'echo in $PPID >&2'; echo out", out: "out\n", err: "in 4242\n"},
		{text: "echo `id`", err: "sh: syntax error: the simulated shell has no ``` \n", code: 2},
		{text: "aws ec2 describe-instances --instance-ids  --query x", err: "expected at least one argument", code: 252},
		{text: "aws s3 ls", err: "aws: error", code: 252},
		{text: "aws ec2 stop-instances --instance-ids i-a,i-b", err: `(InvalidInstanceID.Malformed) when calling the StopInstances operation: Invalid id: "i-a,i-b"`, code: 254},
		{text: "aws ec2 stop-instances --instance-ids i-00000000", err: "(InvalidInstanceID.NotFound)", code: 254},
		{text: "aws ec2 wait instance-stopped --instance-ids i-00000000", err: "Waiter InstanceStopped failed", code: 255},
	} {
		r, err := client.Exec(t.Context(), sshx.Command{Text: test.text})
		if err != nil {
			t.Fatalf("%q: %v", test.text, err)
		}
		if r.Stdout.Text != test.out || !strings.Contains(r.Stderr.Text, strings.TrimSpace(test.err)) || r.Code != test.code {
			t.Errorf("%q: %q, %q, %d", test.text, r.Stdout.Text, r.Stderr.Text, r.Code)
		}
	}
}

func TestFaults(t *testing.T) {
	_, host := start(t)
	for _, test := range []struct {
		name    string
		fault   Fault
		timeout time.Duration
		kind    sshx.Kind
		code    int
		ran     bool
	}{
		{"none", None, 0, "", 0, true},
		{"refuses the log-in", RefuseAuth, 0, sshx.AuthRefused, 0, false},
		{"refuses commands", RefuseExec, 0, sshx.ExecRefused, 0, false},
		{"drops at the start", DropAtStart, 0, sshx.Lost, 0, false},
		{"drops midway", DropMidway, 0, sshx.Lost, 0, true},
		{"never answers", NeverAnswer, 100 * time.Millisecond, sshx.Timeout, 0, true},
		{"no credentials", NoCredentials, 0, "", 253, true},
		{"no aws", NotFound, 0, "", 127, true},
		{"fails", Fail, 0, "", 1, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			client := login(t, host)
			host.Misbehave(test.fault)
			before := len(host.Executed())
			r, err := client.Exec(t.Context(), sshx.Command{Text: describe, Timeout: test.timeout})
			if sshx.KindOf(err) != test.kind || r.Code != test.code {
				t.Errorf("code %d, kind %q of %v", r.Code, sshx.KindOf(err), err)
			}
			if ran := len(host.Executed()) > before; ran != test.ran {
				t.Errorf("ran: %v", ran)
			}
		})
	}
}

func TestSignalEndsACommand(t *testing.T) {
	_, host := start(t)
	client := login(t, host)
	r, err := client.Exec(t.Context(), sshx.Command{Text: "echo a; sleep 1000; echo b", Timeout: 50 * time.Millisecond})
	if sshx.KindOf(err) != sshx.Timeout || r.Ended != sshx.Stopped || r.Stdout.Text != "a\n" {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestHostKeyChanges(t *testing.T) {
	_, host := start(t)
	old := host.HostKey()
	host.ChangeHostKey()
	client := login(t, host, func(c *sshx.Config) { c.HostKey = old })
	if err := client.Check(t.Context()); sshx.KindOf(err) != sshx.ChangedKey {
		t.Errorf("the changed key gave %v", err)
	}
	if err := login(t, host).Check(t.Context()); err != nil {
		t.Errorf("the new key: %v", err)
	}
}
