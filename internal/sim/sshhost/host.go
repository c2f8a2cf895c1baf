package sshhost

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"net"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gliderlabs/ssh"
	gossh "golang.org/x/crypto/ssh"

	"toban/internal/sim/ec2"
)

// Options say who may log in and how fast the simulated aws CLI polls.
type Options struct {
	Listen        string // address; "" is a free port on 127.0.0.1
	User          string
	Password      string        // "" takes no password
	AuthorizedKey string        // an authorized_keys line; "" takes no key
	Poll          time.Duration // between the polls of `aws ec2 wait`; 0: 100 ms (the real CLI: 15 s)
	Polls         int           // after which it gives up; 0: 6000 (the real CLI: 40)
}

// Host is a running simulated host.
type Host struct {
	options  Options
	cloud    *ec2.Cloud
	listener net.Listener
	done     chan struct{} // closed when the server has ended

	mu       sync.Mutex
	server   *ssh.Server
	former   []*ssh.Server // with the host keys of before
	key      gossh.Signer
	executed []string
	fault    Fault
}

// Start starts a host whose `aws` works on the cloud.
func Start(cloud *ec2.Cloud, o Options) (*Host, error) {
	if o.Listen == "" {
		o.Listen = "127.0.0.1:0"
	}
	if o.Poll == 0 {
		o.Poll = 100 * time.Millisecond
	}
	if o.Polls == 0 {
		o.Polls = 6000
	}
	listener, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", o.Listen)
	if err != nil {
		return nil, err
	}
	h := &Host{options: o, cloud: cloud, listener: listener, done: make(chan struct{})}
	h.ChangeHostKey()
	go h.accept()
	return h, nil
}

// accept hands each connection to a server of its own settings, so that the
// host key can change between connections.
func (h *Host) accept() {
	defer close(h.done)
	for {
		conn, err := h.listener.Accept()
		if err != nil {
			return
		}
		h.mu.Lock()
		server := h.server
		h.mu.Unlock()
		go server.HandleConn(conn) // ends with the connection, which Close closes
	}
}

// Close ends the host and everything that runs on it.
func (h *Host) Close() error {
	err := h.listener.Close()
	<-h.done
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, server := range append(h.former, h.server) {
		err = errors.Join(err, server.Close())
	}
	return err
}

// Addr is host:port; Port the port alone.
func (h *Host) Addr() string { return h.listener.Addr().String() }

// Port is where the host listens.
func (h *Host) Port() int { return h.listener.Addr().(*net.TCPAddr).Port }

// HostKey is the host's key as an authorized_keys line.
func (h *Host) HostKey() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return strings.TrimSpace(string(gossh.MarshalAuthorizedKey(h.key.PublicKey())))
}

// ChangeHostKey gives the host a new key, for connections from now on.
func (h *Host) ChangeHostKey() {
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		panic(err) // crypto/rand never fails
	}
	signer, err := gossh.NewSignerFromKey(private)
	if err != nil {
		panic(err) // an ed25519 key always makes a signer
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.server != nil {
		h.former = append(h.former, h.server)
	}
	h.key, h.server = signer, h.newServer(signer)
}

func (h *Host) newServer(key gossh.Signer) *ssh.Server {
	s := &ssh.Server{
		Handler:     h.serve,
		HostSigners: []ssh.Signer{key},
		PasswordHandler: func(ctx ssh.Context, password string) bool {
			return h.admits(ctx.User()) && h.options.Password != "" &&
				subtle.ConstantTimeCompare([]byte(password), []byte(h.options.Password)) == 1
		},
		PublicKeyHandler: func(ctx ssh.Context, key ssh.PublicKey) bool {
			allowed, _, _, _, err := gossh.ParseAuthorizedKey([]byte(h.options.AuthorizedKey))
			return err == nil && h.admits(ctx.User()) && ssh.KeysEqual(key, allowed)
		},
		SessionRequestCallback: func(_ ssh.Session, request string) bool {
			return request == "exec" && h.behaviour() != RefuseExec
		},
		ChannelHandlers: ssh.DefaultChannelHandlers,
	}
	return s
}

func (h *Host) admits(user string) bool {
	return user == h.options.User && h.behaviour() != RefuseAuth
}

// Executed lists the texts of all commands that were run, in order.
func (h *Host) Executed() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.executed)
}

func (h *Host) record(text string) {
	const enough = 10_000
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.executed) < enough {
		h.executed = append(h.executed, text)
	}
}
