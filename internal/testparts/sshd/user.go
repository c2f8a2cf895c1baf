package sshd

import (
	"crypto/rand"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// TempUser makes a user that is not root, with a shell and a password, until
// the test ends. It needs root; the test is skipped where that isn't so.
func TempUser(t testing.TB) (name, password string) {
	t.Helper()
	return TempUserWith(t, "/bin/bash")
}

// TempUserWith is TempUser with another login shell, a whole path.
func TempUserWith(t testing.TB, shell string) (name, password string) {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("making a user for the test needs root")
	}
	for _, tool := range []string{"useradd", "userdel", "chpasswd"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s is not installed (Debian: apt-get install passwd)", tool)
		}
	}
	name = "toban-" + strings.ToLower(rand.Text()[:8])
	password = rand.Text()
	must(t, exec.Command("useradd", "--no-create-home", "--home-dir", "/tmp", "--shell", shell, name))
	t.Cleanup(func() {
		must(t, exec.Command("userdel", "--force", name))
	})
	set := exec.Command("chpasswd")
	set.Stdin = strings.NewReader(name + ":" + password + "\n")
	must(t, set)
	return name, password
}

func must(t testing.TB, cmd *exec.Cmd) {
	t.Helper()
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", cmd, err, out)
	}
}
