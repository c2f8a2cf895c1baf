package dovecot

import (
	"bytes"
	"crypto/x509"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"toban/internal/testparts/testca"
)

// The one user that every server has.
const (
	User     = "ops"
	Password = "correct horse"
)

// Server is a running Dovecot. Port speaks plain IMAP and STARTTLS, TLSPort TLS.
type Server struct {
	Host          string
	Port, TLSPort int
	// Authority is the PEM file of the authority that signed the server's
	// certificate, which is for localhost and 127.0.0.1.
	Authority string
	pool      *x509.CertPool
	dir       string
}

const startTime = 20 * time.Second

// Start runs a Dovecot until the end of the test. Where there is none, the test
// is skipped, saying why.
func Start(t testing.TB) *Server {
	t.Helper()
	binary := find(t)
	s := &Server{Host: "127.0.0.1", Port: freePort(t), TLSPort: freePort(t), dir: workDir(t)}
	s.prepare(t)
	var output bytes.Buffer
	cmd := exec.Command(binary, "-F", "-c", filepath.Join(s.dir, "dovecot.conf"))
	cmd.Stdout, cmd.Stderr = &output, &output
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM) // it may have ended already
		select {
		case <-ended:
		case <-time.After(startTime):
			_ = cmd.Process.Kill()
			<-ended
		}
	})
	s.await(t, ended, &output)
	return s
}

// find skips the test where no Dovecot is installed, or one whose
// configuration this package doesn't write.
func find(t testing.TB) string {
	t.Helper()
	binary, err := exec.LookPath("dovecot")
	if err != nil {
		binary = "/usr/sbin/dovecot" // not on the PATH of ordinary users
	}
	version, err := exec.Command(binary, "--version").Output()
	if err != nil {
		t.Skip("needs a real Dovecot: install the package dovecot-imapd")
	}
	if !strings.HasPrefix(string(version), "2.3.") {
		t.Skipf("needs Dovecot 2.3, found %s", bytes.TrimSpace(version))
	}
	return binary
}

// workDir is a folder with a short path, because Unix sockets go into it.
func workDir(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "dovecot")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

func (s *Server) prepare(t testing.TB) {
	t.Helper()
	mail, err := mailAccount()
	if err != nil {
		t.Skip("needs an account for Dovecot's mail folders: ", err)
	}
	authority := testca.New(t)
	cert, key := authority.Issue(t, time.Hour, "localhost", "127.0.0.1")
	s.pool, s.Authority = authority.Pool(), filepath.Join(s.dir, "ca.pem")
	for name, content := range map[string][]byte{
		"ca.pem": authority.PEM, "cert.pem": cert, "key.pem": key,
		"users":        []byte(User + ":" + Password + "\n"),
		"dovecot.conf": []byte(s.config(mail)),
	} {
		if err := os.WriteFile(filepath.Join(s.dir, name), content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(s.dir, 0o755); err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(s.dir, "mail")
	if err := os.Mkdir(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Chown(folder, mail.uid, mail.gid); err != nil {
		t.Fatal(err)
	}
}

// Roots trusts the server's authority.
func (s *Server) Roots() *x509.CertPool { return s.pool }

func (s *Server) await(t testing.TB, ended <-chan error, output *bytes.Buffer) {
	t.Helper()
	deadline := time.Now().Add(startTime)
	for time.Now().Before(deadline) {
		conn, err := net.Dial("tcp", net.JoinHostPort(s.Host, strconv.Itoa(s.TLSPort)))
		if err == nil {
			_ = conn.Close()
			return
		}
		select {
		case err := <-ended:
			log, _ := os.ReadFile(filepath.Join(s.dir, "log"))
			t.Fatalf("dovecot ended: %v\n%s%s", err, output, log)
		case <-time.After(20 * time.Millisecond):
		}
	}
	t.Fatal("dovecot doesn't answer")
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
