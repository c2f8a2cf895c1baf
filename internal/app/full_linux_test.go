package app_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"toban/internal/app"
	"toban/internal/locale"
	"toban/internal/sim/ec2"
	"toban/internal/sim/mailbox"
	"toban/internal/sim/sshhost"
)

// small mounts a file system of a few megabytes.
func small(t *testing.T, options string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, options); err != nil {
		t.Skipf("a file system can't be mounted here (%v); internal/engine TestFullDiskHoldsEverythingBack has the engine's part", err)
	}
	t.Cleanup(func() { _ = unix.Unmount(dir, unix.MNT_DETACH) })
	return dir
}

// fill writes until nothing more fits, and gives what makes room again.
func fill(t *testing.T, dir string) (free func()) {
	t.Helper()
	name := filepath.Join(dir, "ballast")
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	for size := 1 << 16; size > 0; {
		if _, err := f.Write(make([]byte, size)); err != nil {
			size /= 4
		}
	}
	_ = f.Close() // it is full: that is the point
	return func() {
		if err := os.Remove(name); err != nil {
			t.Error(err)
		}
	}
}

// commands is a host that runs a command for each mail of a mailbox.
func commands(t *testing.T) (box *mailbox.Server, host *sshhost.Host, file string) {
	t.Helper()
	box, err := mailbox.Start(mailbox.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = box.Close() })
	host, err = sshhost.Start(ec2.New(ec2.Options{}), sshhost.Options{User: "ops", Password: "pw"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = host.Close() })
	return box, host, fmt.Sprintf(`[{"id":"t","type":"tab","label":"T"},
	 {"id":"in","type":"e-mail in","z":"t","server":%q,"port":"%d","useSSL":false,"repeat":"2","disposition":"Read",
	  "wires":[["cmd"]],"credentials":{"userid":%q,"password":%q}},
	 {"id":"cmd","type":"command","z":"t","connectionconfig":"c","command":"echo {{topic}}","wires":[[],[],[]]},
	 {"id":"c","type":"connection","name":"host","host":"127.0.0.1","port":"%d","username":"ops","hostKey":%q,"credentials":{"password":"pw"}}]`,
		box.Host(), box.Port(), box.User(), box.Password(), host.Port(), host.HostKey())
}

func add(t *testing.T, box *mailbox.Server, subject string) {
	t.Helper()
	if _, err := box.Add(mailbox.Mail{Subject: subject, Text: "x"}); err != nil {
		t.Fatal(err)
	}
}

// TestFullDiskOfTheServer: with no room left the mails stay unread and no command
// starts; the server answers and says why. With room again each mail is handled,
// once. A deploy in between changes nothing.
func TestFullDiskOfTheServer(t *testing.T) {
	dir := small(t, "size=12m")
	box, host, file := commands(t)
	a, err := app.New(t.Context(), app.Options{DataDir: dir, AdminPassword: "secret", Lang: locale.EN})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = a.Stop(t.Context()) }()
	if status, _, message := deploy(t, a, file); status != http.StatusOK {
		t.Fatalf("%d %s", status, message)
	}
	add(t, box, "before")
	until(t, "the first mail is handled", func() bool { return box.SeenSubject("before") && len(host.Executed()) == 1 })
	flows, err := os.ReadFile(filepath.Join(dir, "flows.json"))
	if err != nil {
		t.Fatal(err)
	}

	free := fill(t, dir)
	var want []string
	for i := range 5 {
		want = append(want, fmt.Sprint("mail-", i))
		add(t, box, want[i])
	}
	until(t, "the server says that it can't write", func() bool {
		return ask(t, a, http.MethodGet, "/healthz", "", nil) == http.StatusServiceUnavailable
	})
	status, _, message := deploy(t, a, strings.Replace(file, `"label":"T"`, `"label":"changed"`, 1))
	if status < 400 || !strings.Contains(message, "full") {
		t.Errorf("a deploy: %d %s", status, message)
	}
	time.Sleep(3 * time.Second) // a poll and several tries to write
	if n := len(box.Unread()); n != 5 || len(host.Executed()) != 1 {
		t.Errorf("%d mails are unread, executed %q", n, host.Executed())
	}
	if got := flowsOn(t, a); !strings.Contains(got, `"label":"T"`) {
		t.Errorf("running: %s", got)
	}
	if now, _ := os.ReadFile(filepath.Join(dir, "flows.json")); string(now) != string(flows) {
		t.Errorf("the file that a start would run was changed: %s", now)
	}

	free()
	until(t, "all mails are handled", func() bool { return len(box.Unread()) == 0 && len(host.Executed()) == 6 })
	until(t, "the server is well", func() bool { return ask(t, a, http.MethodGet, "/healthz", "", nil) == http.StatusOK })
	executed := host.Executed()[1:]
	slices.Sort(executed)
	for i, cmd := range executed {
		if !strings.Contains(cmd, want[i]) {
			t.Errorf("executed %q", executed)
		}
	}
	if status, _, message := deploy(t, a, strings.Replace(file, `"label":"T"`, `"label":"changed"`, 1)); status != http.StatusOK {
		t.Errorf("a deploy with room: %d %s", status, message)
	}
}

// TestStartOnAFullDisk: it says why it can't; what was there is there afterwards.
func TestStartOnAFullDisk(t *testing.T) {
	dir := small(t, "size=12m")
	o := app.Options{DataDir: dir, AdminPassword: "secret", Lang: locale.EN}
	a, err := app.New(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	deploy(t, a, hello)
	if err := a.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	free := fill(t, dir)
	if a, err = app.New(t.Context(), o); err == nil {
		err = a.Stop(t.Context())
	}
	if !locale.HasKey(err, "sqlite.full_start") {
		t.Errorf("a start on a full disk: %v", err)
	}
	free()
	if got := flowsOf(t, dir); !strings.Contains(got, "/hello") {
		t.Errorf("afterwards: %s", got)
	}
}

// TestReadOnlyFolder: a server that can't write doesn't start, and says what to do.
func TestReadOnlyFolder(t *testing.T) {
	for name, prepared := range map[string]bool{"an empty one": false, "one with data": true} {
		t.Run(name, func(t *testing.T) {
			dir := small(t, "size=12m")
			if prepared {
				a, err := app.New(t.Context(), app.Options{DataDir: dir, Lang: locale.EN})
				if err != nil {
					t.Fatal(err)
				}
				deploy(t, a, hello)
				if err := a.Stop(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			if err := unix.Mount("", dir, "", unix.MS_REMOUNT|unix.MS_RDONLY, ""); err != nil {
				t.Fatal(err)
			}
			_, err := app.New(t.Context(), app.Options{DataDir: dir, Lang: locale.EN})
			if !locale.HasKey(err, "sqlite.folder") {
				t.Fatalf("error: %v", err)
			}
			for _, lang := range []locale.Lang{locale.EN, locale.JA} {
				if text := lang.Err(err); !strings.Contains(text, dir) || !strings.Contains(text, "read-only") {
					t.Errorf("the text: %s", text)
				}
			}
		})
	}
}
