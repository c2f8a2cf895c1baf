package sshd

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"
)

// Server is a running OpenSSH server. Everybody who has a shell on this machine
// can log in with Key; only when the tests run as root can this be anybody but
// the user who runs them.
type Server struct {
	Host    string
	Port    int
	Key     string // private key, OpenSSH format
	HostKey string // an authorized_keys line

	dir   string
	extra []string
	child *exec.Cmd
}

// Start starts a server that ends with the test. extra are further lines for
// its sshd_config; the first value that OpenSSH sees wins, and these come first.
func Start(t testing.TB, extra ...string) *Server {
	t.Helper()
	dir := publicDir(t)
	s := &Server{Host: "127.0.0.1", dir: dir, extra: extra}
	s.HostKey = newKey(t, filepath.Join(dir, "host_key"))
	authorized := newKey(t, filepath.Join(dir, "user_key"))
	s.Key = read(t, filepath.Join(dir, "user_key"))
	write(t, filepath.Join(dir, "authorized_keys"), authorized+"\n", 0o644)
	s.Port = freePort(t)
	s.start(t)
	t.Cleanup(func() { s.stop() })
	return s
}

// Address is host:port.
func (s *Server) Address() string { return net.JoinHostPort(s.Host, strconv.Itoa(s.Port)) }

// Restrict puts authorized_keys options such as `command="…"` in front of the key.
func (s *Server) Restrict(t testing.TB, options string) {
	t.Helper()
	file := filepath.Join(s.dir, "authorized_keys")
	write(t, file, options+" "+read(t, file), 0o644)
}

// ChangeHostKey restarts the server, at the same address, with another host key.
func (s *Server) ChangeHostKey(t testing.TB) {
	t.Helper()
	s.Stop()
	s.HostKey = newKey(t, filepath.Join(s.dir, "host_key"))
	s.start(t)
}

// Stop stops the server; connections that are open stay.
func (s *Server) Stop() { s.stop() }

// Restart starts the server again after Stop, with the same keys.
func (s *Server) Restart(t testing.TB) {
	t.Helper()
	s.Stop()
	s.start(t)
}

// Log is what the server has logged so far.
func (s *Server) Log(t testing.TB) string {
	t.Helper()
	return read(t, filepath.Join(s.dir, "log"))
}

func (s *Server) start(t testing.TB) {
	t.Helper()
	config := filepath.Join(s.dir, "sshd_config")
	write(t, config, s.config(), 0o644)
	s.child = exec.Command(program(t), "-D", "-f", config, "-E", filepath.Join(s.dir, "log"))
	if err := s.child.Start(); err != nil {
		t.Fatalf("sshd: %v", err)
	}
	if err := waitForBanner(s.Address()); err != nil {
		s.stop()
		t.Fatalf("sshd did not come up: %v\n%s", err, s.Log(t))
	}
}

func (s *Server) stop() {
	if s.child == nil {
		return
	}
	_ = s.child.Process.Signal(syscall.SIGTERM)
	_ = s.child.Wait()
	s.child = nil
}

func (s *Server) config() string {
	lines := append(append([]string{}, s.extra...),
		"ListenAddress "+s.Host,
		"Port "+strconv.Itoa(s.Port),
		"HostKey "+filepath.Join(s.dir, "host_key"),
		"AuthorizedKeysFile "+filepath.Join(s.dir, "authorized_keys"),
		"PidFile none",
		"StrictModes no",
		"UsePAM no",
		"PermitRootLogin yes",
		"PasswordAuthentication yes",
		"AcceptEnv LC_* TOBAN_*",
		"LogLevel VERBOSE",
	)
	return strings.Join(lines, "\n") + "\n"
}

// program finds sshd, which insists on being called by its whole path.
func program(t testing.TB) string {
	t.Helper()
	for _, path := range []string{"/usr/sbin/sshd", "/usr/local/sbin/sshd"} {
		if _, err := os.Stat(path); err == nil {
			makeRunDir(t)
			return path
		}
	}
	t.Skip("sshd is not installed (Debian: apt-get install openssh-server)")
	return ""
}

// makeRunDir makes the empty folder that sshd locks itself into when it runs as
// root; on Debian the service's start-up makes it, which tests do without.
func makeRunDir(t testing.TB) {
	if os.Getuid() != 0 {
		return
	}
	if err := os.MkdirAll("/run/sshd", 0o755); err != nil {
		t.Logf("sshd: %v", err)
	}
}

// Me is the user who runs the tests.
func Me(t testing.TB) string {
	t.Helper()
	u, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	return u.Username
}

func waitForBanner(address string) error {
	var err error
	for range 100 {
		var conn net.Conn
		if conn, err = net.Dial("tcp", address); err == nil {
			banner := make([]byte, 4)
			_ = conn.SetReadDeadline(time.Now().Add(5 * time.Second))
			_, err = conn.Read(banner)
			_ = conn.Close()
			if err == nil && string(banner) == "SSH-" {
				return nil
			}
		}
		time.Sleep(20 * time.Millisecond)
	}
	return fmt.Errorf("no banner at %s: %w", address, err)
}

func freePort(t testing.TB) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().(*net.TCPAddr).Port
}

// Authorize lets everybody log in with one more private key.
func (s *Server) Authorize(t testing.TB, key string) {
	t.Helper()
	signer, err := ssh.ParsePrivateKey([]byte(key))
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(s.dir, "authorized_keys")
	write(t, file, read(t, file)+string(ssh.MarshalAuthorizedKey(signer.PublicKey())), 0o644)
}
