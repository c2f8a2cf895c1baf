package sshx

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"toban/internal/locale"
	"toban/internal/testparts/sshd"
)

// real gives a client for a real OpenSSH server.
func real(t *testing.T, s *sshd.Server, change ...func(*Config)) *Client {
	t.Helper()
	c := Config{Name: "util server", Host: s.Host, Port: s.Port, User: sshd.Me(t), PrivateKey: s.Key, HostKey: s.HostKey}
	for _, f := range change {
		f(&c)
	}
	client, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	return client
}

func mustExec(t *testing.T, c *Client, cmd Command) Result {
	t.Helper()
	r, err := c.Exec(t.Context(), cmd)
	if err != nil {
		t.Fatalf("%s: %v", cmd.Text, err)
	}
	return r
}

func TestExecOnOpenSSH(t *testing.T) {
	client := real(t, sshd.Start(t))
	for _, test := range []struct {
		name           string
		cmd            Command
		stdout, stderr string
		code           int
		signal         string
	}{
		{name: "text", cmd: Command{Text: "echo hello"}, stdout: "hello\n"},
		{name: "lines run in one shell, the last one's status counts",
			cmd: Command{Text: "x=1; false\necho $x\nexit 3"}, stdout: "1\n", code: 3},
		{name: "leading blank", cmd: Command{Text: " echo a"}, stdout: "a\n"},
		{name: "quotes and backticks arrive untouched",
			cmd: Command{Text: "printf %s 'Tags[?Key==`Name`].Value' \"`echo b`\" \\'"}, stdout: "Tags[?Key==`Name`].Valueb'"},
		{name: "with a timer, too",
			cmd: Command{Text: " printf %s 'a`b`'\necho \"$0\" >/dev/null; echo oops >&2; exit 7", Timeout: time.Minute}, stdout: "a`b`", stderr: "oops\n", code: 7},
		{name: "here-document under a timer",
			cmd: Command{Text: "cat <<E\nin\nE", Timeout: time.Minute}, stdout: "in\n"},
		{name: "stdin is empty", cmd: Command{Text: "cat; echo end"}, stdout: "end\n"},
		{name: "not found", cmd: Command{Text: "no-such-program 2>/dev/null"}, code: 127},
		{name: "killed", cmd: Command{Text: "kill -TERM $$"}, code: 143, signal: "TERM"},
		{name: "env by request", cmd: Command{Text: "echo $TOBAN_A", Env: []Var{{"TOBAN_A", "it's"}}}, stdout: "it's\n"},
		{name: "env by export", cmd: Command{Text: "echo \"$OTHER\"", Env: []Var{{"OTHER", "it's `x` $HOME"}}, Timeout: time.Minute}, stdout: "it's `x` $HOME\n"},
		{name: "no terminal", cmd: Command{Text: "test -t 1"}, code: 1},
		{name: "terminal", cmd: Command{Text: "test -t 1 && echo yes; echo err >&2", PTY: true}, stdout: "yes\nerr\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := mustExec(t, client, test.cmd)
			if r.Stdout.Text != test.stdout || r.Stderr.Text != test.stderr || r.Code != test.code || r.Signal != test.signal {
				t.Errorf("got %q, %q, %d %s", r.Stdout.Text, r.Stderr.Text, r.Code, r.Signal)
			}
		})
	}
}

func TestOutputIsBounded(t *testing.T) {
	client := real(t, sshd.Start(t))
	r := mustExec(t, client, Command{Text: "head -c 3000000 /dev/zero | tr '\\0' x; printf あ >&2"})
	if len(r.Stdout.Text) != MaxOutput || r.Stdout.Size != 3000000 || !r.Stdout.Cut() {
		t.Errorf("kept %d of %d", len(r.Stdout.Text), r.Stdout.Size)
	}
	if r.Stderr.Text != "あ" || r.Stderr.Cut() {
		t.Errorf("stderr %q", r.Stderr.Text)
	}
}

// TestTimeoutEndsTheCommand looks for the process afterwards: for root, for
// another user, with a terminal and without.
func TestTimeoutEndsTheCommand(t *testing.T) {
	server := sshd.Start(t)
	for _, test := range []struct {
		name string
		user func(t *testing.T) string
		pty  bool
		text string
		want Ended
	}{
		{name: "me", user: func(t *testing.T) string { return sshd.Me(t) }, text: "%s; echo never"},
		{name: "me, a stubborn command", user: func(t *testing.T) string { return sshd.Me(t) }, text: "trap '' TERM; %s; %[1]s; %[1]s"},
		{name: "me, with a terminal", user: func(t *testing.T) string { return sshd.Me(t) }, pty: true, text: "%s; echo never", want: Stopped},
		{name: "another user", user: tempUser, text: "%s; echo never", want: Stopped},
		{name: "another user, a stubborn command", user: tempUser, text: "trap '' TERM; %s; %[1]s; %[1]s", want: Stopped},
		{name: "another user, with a terminal", user: tempUser, pty: true, text: "%s; echo never", want: Stopped},
	} {
		t.Run(test.name, func(t *testing.T) {
			client := real(t, server, func(c *Config) { c.User = test.user(t) })
			seconds := fmt.Sprintf("%d.%d", 1000+os.Getpid()%1000, time.Now().UnixNano()%1e9)
			text := fmt.Sprintf(test.text, "echo begun; sleep "+seconds)
			r, err := client.Exec(t.Context(), Command{Text: text, PTY: test.pty, Timeout: 2 * time.Second})
			if KindOf(err) != Timeout || !strings.Contains(err.Error(), "timeout after 2s") {
				t.Fatalf("error %v", err)
			}
			want := test.want
			if want == "" {
				want = map[bool]Ended{true: AllGone, false: Stopped}[sshd.Me(t) == "root"]
			}
			if r.Ended != want || r.Stdout.Text != "begun\n" || r.Stderr.Text != "" {
				t.Errorf("ended %q, stdout %q, stderr %q", r.Ended, r.Stdout.Text, r.Stderr.Text)
			}
			if pids := running(t, seconds); pids != "" {
				t.Errorf("still running: %s", pids)
			}
			if r := mustExec(t, client, Command{Text: "echo next"}); r.Stdout.Text != "next\n" {
				t.Errorf("the connection is of no use afterwards: %q", r.Stdout.Text)
			}
		})
	}
}

func tempUser(t *testing.T) string {
	name, _ := sshd.TempUser(t)
	return name
}

// running lists processes whose arguments contain text; a hang-up may take a moment.
func running(t *testing.T, text string) string {
	t.Helper()
	var found []string
	for range 50 {
		found = nil
		dirs, err := os.ReadDir("/proc")
		if err != nil {
			t.Skip("looking for processes needs /proc")
		}
		for _, d := range dirs {
			args, err := os.ReadFile("/proc/" + d.Name() + "/cmdline")
			if err == nil && strings.Contains(string(args), text) {
				found = append(found, d.Name()+" "+strings.ReplaceAll(string(args), "\x00", " "))
			}
		}
		if found == nil {
			return ""
		}
		time.Sleep(20 * time.Millisecond)
	}
	return strings.Join(found, "\n")
}

// TestForcedCommandRunsOnce: a key with a forced command runs it whatever we
// send. Ending it must not begin it a second time.
func TestForcedCommandRunsOnce(t *testing.T) {
	server := sshd.Start(t)
	log := t.TempDir() + "/log"
	server.Restrict(t, fmt.Sprintf(`command="echo begun >> %s; sleep 5.%d"`, log, time.Now().UnixNano()))
	client := real(t, server)
	_, err := client.Exec(t.Context(), Command{Text: "ignored", Timeout: 2 * time.Second})
	if KindOf(err) != Timeout {
		t.Fatalf("error %v", err)
	}
	if text, _ := os.ReadFile(log); string(text) != "begun\n" {
		t.Errorf("the forced command's log: %q", text)
	}
	if err := client.Check(t.Context()); err != nil {
		t.Errorf("check: %v", err)
	}
	if text, _ := os.ReadFile(log); string(text) != "begun\n" {
		t.Errorf("the check ran the forced command: %q", text)
	}
}

func TestLogins(t *testing.T) {
	server := sshd.Start(t)
	name, password := sshd.TempUser(t)
	t.Run("password", func(t *testing.T) {
		client := real(t, server, func(c *Config) { c.User, c.Password, c.PrivateKey = name, password, "" })
		if r := mustExec(t, client, Command{Text: "id -un"}); r.Stdout.Text != name+"\n" {
			t.Errorf("logged in as %q", r.Stdout.Text)
		}
	})
	t.Run("wrong password", func(t *testing.T) {
		client := real(t, server, func(c *Config) { c.User, c.Password, c.PrivateKey = name, "wrong", "" })
		wantError(t, client, AuthRefused, "util server", name, "password")
	})
	t.Run("foreign key", func(t *testing.T) {
		client := real(t, server, func(c *Config) { c.PrivateKey = sshd.Start(t).Key })
		wantError(t, client, AuthRefused, "authorized_keys")
	})
	t.Run("locked key with CRLF", func(t *testing.T) {
		client := real(t, server, func(c *Config) {
			c.PrivateKey = strings.ReplaceAll(lock(t, c.PrivateKey, "open sesame"), "\n", "\r\n") + "  "
			c.Passphrase = "open sesame"
		})
		mustExec(t, client, Command{Text: "true"})
	})
}

func wantError(t *testing.T, client *Client, kind Kind, parts ...string) {
	t.Helper()
	_, err := client.Exec(t.Context(), Command{Text: "echo must not run"})
	if KindOf(err) != kind {
		t.Fatalf("kind %q of %v", KindOf(err), err)
	}
	for _, part := range parts {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("the text lacks %q: %v", part, err)
		}
	}
	if ja := locale.JA.Err(err); ja == err.Error() {
		t.Errorf("not in Japanese: %s", ja)
	}
}

func TestHostKeys(t *testing.T) {
	server := sshd.Start(t)
	file := t.TempDir() + "/known_hosts"
	known := func(c *Config) { c.HostKey, c.KnownHosts = "", []string{file} }
	client := real(t, server, known)

	key, err := Pin(t.Context(), Config{Host: server.Host, Port: server.Port})
	if err != nil {
		t.Fatal(err)
	}
	if key.Line != server.HostKey {
		t.Fatalf("pinned %q", key.Line)
	}
	wantError(t, client, UnknownKey, key.Fingerprint, "toban pin "+server.Address())
	if err := key.Save(file, false); err != nil {
		t.Fatal(err)
	}
	mustExec(t, client, Command{Text: "true"})

	server.ChangeHostKey(t)
	wantError(t, real(t, server, known), ChangedKey, "SHA256:", "--replace")
	pinned := real(t, server, func(c *Config) { c.HostKey = key.Line })
	wantError(t, pinned, ChangedKey)

	anew, err := Pin(t.Context(), Config{Host: server.Host, Port: server.Port})
	if err != nil {
		t.Fatal(err)
	}
	if err := anew.Save(file, false); KindOf(err) != ChangedKey {
		t.Errorf("another key was pinned silently: %v", err)
	}
	if err := anew.Save(file, true); err != nil {
		t.Fatal(err)
	}
	mustExec(t, real(t, server, known), Command{Text: "true"})
	if err := key.Known(file); KindOf(err) != ChangedKey {
		t.Errorf("the old key is still trusted: %v", err)
	}
}

func TestUnreachable(t *testing.T) {
	server := sshd.Start(t)
	server.Stop()
	wantError(t, real(t, server), Unreachable, "util server", "refused")
}

// TestConnectionLost: after the start a broken connection means that nobody
// knows; before it, the next command just dials again.
func TestConnectionLost(t *testing.T) {
	server := sshd.Start(t)
	client := real(t, server)
	go func() {
		for range 100 {
			if strings.Contains(server.Log(t), "Starting session: command") {
				break
			}
			time.Sleep(20 * time.Millisecond)
		}
		server.KillConnections(t)
	}()
	_, err := client.Exec(t.Context(), Command{Text: "sleep 5"})
	if KindOf(err) != Lost {
		t.Fatalf("error %v", err)
	}
	mustExec(t, client, Command{Text: "true"})
	server.KillConnections(t)
	mustExec(t, client, Command{Text: "true"})
}

func TestContextEndsTheWaitOnly(t *testing.T) {
	client := real(t, sshd.Start(t))
	file := t.TempDir() + "/done"
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	_, err := client.Exec(ctx, Command{Text: "sleep 0.8; echo > " + file})
	if KindOf(err) != Lost {
		t.Fatalf("error %v", err)
	}
	for range 100 {
		if _, err := os.Stat(file); err == nil {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Error("the command was ended")
}

func TestOneConnectionManySessions(t *testing.T) {
	server := sshd.Start(t)
	client := real(t, server, func(c *Config) { c.MaxSessions = 4 })
	errs := make(chan error)
	for range 12 {
		go func() {
			_, err := client.Exec(t.Context(), Command{Text: "sleep 0.1"})
			errs <- err
		}()
	}
	for range 12 {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	if n := strings.Count(server.Log(t), "Accepted publickey"); n != 1 {
		t.Errorf("%d log-ins", n)
	}
}

func TestJumpHost(t *testing.T) {
	jump, server := sshd.Start(t), sshd.Start(t)
	dir := t.TempDir()
	known, config := dir+"/known_hosts", dir+"/config"
	text := fmt.Sprintf("Host far\n HostName %s\n Port %d\n ProxyJump near\nHost near\n HostName %s\n Port %d\n", server.Host, server.Port, jump.Host, jump.Port)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	via := func(c *Config) {
		c.Host, c.Port, c.ConfigFile, c.KnownHosts = "far", 0, config, []string{known}
		c.PrivateKey = server.Key
	}
	wantError(t, real(t, server, via), UnknownKey, jump.Address())
	key, err := Pin(t.Context(), Config{Host: jump.Host, Port: jump.Port})
	if err != nil {
		t.Fatal(err)
	}
	if err := key.Save(known, false); err != nil {
		t.Fatal(err)
	}
	wantError(t, real(t, server, via), AuthRefused, jump.Address()) // the jump host doesn't know this key
	jump.Authorize(t, server.Key)
	client := real(t, server, via)
	r := mustExec(t, client, Command{Text: "echo $SSH_CONNECTION"})
	if !strings.HasSuffix(r.Stdout.Text, fmt.Sprintf(" %d\n", server.Port)) || !strings.Contains(jump.Log(t), "Accepted publickey") {
		t.Errorf("connection %q", r.Stdout.Text)
	}
}

// TestNothingIsLeft: a connection that nobody uses is closed with all its
// goroutines, and so is one that is closed while it is used.
func TestNothingIsLeft(t *testing.T) {
	server := sshd.Start(t)
	before := runtime.NumGoroutine()
	idle := real(t, server, func(c *Config) { c.Idle = 100 * time.Millisecond })
	mustExec(t, idle, Command{Text: "true"})
	if !settle(before) {
		t.Error("an idle connection leaves goroutines")
	}
	mustExec(t, idle, Command{Text: "true"}) // and comes back when it is needed
	busy := real(t, server)
	lost := make(chan error, 1)
	go func() {
		_, err := busy.Exec(t.Context(), Command{Text: "sleep 3"})
		lost <- err
	}()
	time.Sleep(500 * time.Millisecond)
	_, _ = busy.Close(), idle.Close()
	if err := <-lost; KindOf(err) != Lost {
		t.Errorf("a closed client: %v", err)
	}
	if !settle(before) {
		t.Error("closed connections leave goroutines")
	}
	if _, err := busy.Exec(t.Context(), Command{Text: "true"}); KindOf(err) != Unreachable {
		t.Errorf("a closed client works: %v", err)
	}
}
