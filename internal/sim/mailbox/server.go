package mailbox

import (
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"net"
	"sync"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
)

// Inbox is the folder that every server starts with.
const Inbox = "INBOX"

// Options say how a server is to be reached. The zero value is a plain server on loopback.
type Options struct {
	User, Password string // "demo" and "demo" if empty
	// TLS is offered by STARTTLS, or, with Implicit, spoken from the first byte.
	TLS      *tls.Config
	Implicit bool
	// RequireTLS refuses logins on unencrypted connections.
	RequireTLS bool
	// Caps replaces the capabilities that the server announces.
	Caps imap.CapSet
	// Login, if set, is asked before a login is checked; its error is the answer.
	Login func(user, password string) error
}

// Server is a running IMAP server with one user. Safe for concurrent use.
type Server struct {
	options  Options
	listener net.Listener
	imap     *imapserver.Server
	user     *imapmemserver.User
	done     chan struct{}

	mu    sync.Mutex
	mails map[string][]Entry // what was added, by folder
}

// Entry is one mail that was added.
type Entry struct {
	UID     uint32
	Subject string
	raw     []byte
}

// Start runs a server on a free loopback port until Close.
func Start(o Options) (*Server, error) {
	if o.User == "" {
		o.User, o.Password = "demo", "demo"
	}
	listener, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	if o.Implicit {
		listener = tls.NewListener(listener, o.TLS)
	}
	s := &Server{options: o, listener: listener, user: imapmemserver.NewUser(o.User, o.Password),
		done: make(chan struct{}), mails: map[string][]Entry{}}
	if err := s.user.Create(Inbox, nil); err != nil {
		return nil, err
	}
	s.imap = imapserver.New(s.imapOptions())
	go func() {
		defer close(s.done)
		_ = s.imap.Serve(listener) // ends with an error when it is closed
	}()
	return s, nil
}

func (s *Server) imapOptions() *imapserver.Options {
	users := imapmemserver.New()
	users.AddUser(s.user)
	caps := s.options.Caps
	if caps == nil {
		caps = imap.CapSet{imap.CapIMAP4rev1: {}, imap.CapUIDPlus: {}, imap.CapMove: {}}
	}
	o := &imapserver.Options{
		Caps:         caps,
		InsecureAuth: !s.options.RequireTLS,
		Logger:       log.New(io.Discard, "", 0),
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return &session{user: users.NewSession().(user), login: s.options.Login}, nil, nil
		},
	}
	if !s.options.Implicit {
		o.TLSConfig = s.options.TLS
	}
	return o
}

// Close stops the server and drops its connections.
func (s *Server) Close() error {
	err := s.imap.Close()
	_ = s.listener.Close() // the library leaves it open if it had not begun to serve
	<-s.done
	return err
}

// Host and Port say where the server listens.
func (s *Server) Host() string { return s.tcp().IP.String() }

// Port is the server's TCP port.
func (s *Server) Port() int { return s.tcp().Port }

func (s *Server) tcp() *net.TCPAddr { return s.listener.Addr().(*net.TCPAddr) }

// User and Password are what the server takes.
func (s *Server) User() string { return s.options.User }

// Password is the user's password.
func (s *Server) Password() string { return s.options.Password }

// Add delivers a mail to the inbox and gives its UID.
func (s *Server) Add(m Mail) (uid uint32, err error) { return s.AddRaw(Inbox, m.Subject, m.Bytes()) }

// AddRaw delivers the bytes of a mail to a folder, which is made if there is none.
func (s *Server) AddRaw(folder, subject string, raw []byte) (uid uint32, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.addLocked(folder, subject, raw)
}

func (s *Server) addLocked(folder, subject string, raw []byte) (uint32, error) {
	if _, err := s.user.Status(folder, &imap.StatusOptions{}); err != nil {
		if err := s.user.Create(folder, nil); err != nil {
			return 0, err
		}
	}
	data, err := s.user.Append(folder, literal{bytes.NewReader(raw)}, &imap.AppendOptions{})
	if err != nil {
		return 0, err
	}
	s.mails[folder] = append(s.mails[folder], Entry{UID: uint32(data.UID), Subject: subject, raw: raw})
	return uint32(data.UID), nil
}

// NewUIDValidity makes the inbox a new one with the same mails: another
// UIDVALIDITY, UIDs that start again, everything unread. Servers do this after
// a restore from backup.
func (s *Server) NewUIDValidity() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	old := s.mails[Inbox]
	s.mails[Inbox] = nil
	if err := s.user.Delete(Inbox); err != nil {
		return err
	}
	if err := s.user.Create(Inbox, nil); err != nil {
		return err
	}
	for _, e := range old {
		if _, err := s.addLocked(Inbox, e.Subject, e.raw); err != nil {
			return fmt.Errorf("mail %q: %w", e.Subject, err)
		}
	}
	return nil
}

type literal struct{ *bytes.Reader }

// Size is the number of bytes to come.
func (l literal) Size() int64 { return int64(l.Len()) }

// user is all that a session of the library can do.
type user interface {
	imapserver.Session
	imapserver.SessionMove
	imapserver.SessionNamespace
}

// session lets a test answer logins as a certain provider does.
type session struct {
	user
	login func(user, password string) error
}

// Login asks the hook first.
func (s *session) Login(name, password string) error {
	if s.login != nil {
		if err := s.login(name, password); err != nil {
			return err
		}
	}
	return s.user.Login(name, password)
}

var (
	_ imap.LiteralReader     = literal{}
	_ imapserver.SessionMove = (*session)(nil)
)
