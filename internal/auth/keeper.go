package auth

import (
	"context"
	"log/slog"
	"net/netip"
	"path/filepath"
	"time"

	"toban/internal/locale"
)

// Options say where a Keeper keeps things. Dir is required.
type Options struct {
	Dir string
	// AdminPassword is the password of the user admin, whatever the file says; ""
	// leaves it as it is.
	AdminPassword string
	Lang          locale.Lang // of the log
	Log           *slog.Logger
}

// Keeper keeps the users and the sessions. It is safe for concurrent use.
type Keeper struct {
	o        Options
	users    *users
	sessions *sessions
	guesses  *throttle
	setup    setup
	turn     chan struct{} // one guess at a time: many at once are slowed as well, and don't fill the memory
}

// Open reads the files of a data folder.
func Open(o Options) (*Keeper, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	users, err := openUsers(o.Dir)
	if err != nil {
		return nil, err
	}
	k := &Keeper{o: o, users: users, guesses: newThrottle(), turn: make(chan struct{}, 1)}
	if o.AdminPassword != "" {
		if err := k.takeAdminPassword(); err != nil {
			return nil, err
		}
	}
	if k.sessions, err = openSessions(filepath.Join(o.Dir, SessionsFile)); err != nil {
		o.Log.Warn(o.Lang.Err(err))
	}
	if !hasAdmin(users.all()) {
		k.setup.token = newToken()
	}
	return k, nil
}

// takeAdminPassword makes the password of the options the admin's. Sessions go
// on if it was the same before.
func (k *Keeper) takeAdminPassword() error {
	if u := k.users.find(AdminName); u.Role == Admin && u.Hash.fits(k.o.AdminPassword) {
		return nil
	}
	return k.users.put(AdminName, Admin, newHash(k.o.AdminPassword))
}

// Session is a request's: whose it is, and whether its end has moved, so that a
// cookie should be sent anew.
type Session struct {
	Person  Person
	Renewed bool
}

// Session gives whose a token is; ok is false if it is nobody's.
func (k *Keeper) Session(token string) (s Session, ok bool) {
	if token == "" {
		return s, false
	}
	x, ok, renewed := k.sessions.use(token)
	if !ok {
		return s, false
	}
	if x.own {
		return Session{Person: Person{AdminName, Admin}}, true
	}
	u := k.users.find(x.User)
	if u.Name == "" || u.Stamp != x.Stamp {
		k.SignOut(token)
		return s, false
	}
	if renewed {
		k.save()
	}
	return Session{Person{u.Name, u.Role}, renewed}, true
}

// Watch calls ended once if a session ends before stop is called: for answers
// that go on for long.
func (k *Keeper) Watch(token string, ended func()) (stop func()) {
	return k.sessions.watch(token, ended)
}

// SignIn begins a session for whoever knows the password, and gives its token.
// from is the address that the guess comes from. Errors: ErrWrong, *WaitError.
func (k *Keeper) SignIn(ctx context.Context, from netip.Addr, name, password string) (token string, err error) {
	u, err := k.guess(ctx, from, name, password)
	if err != nil {
		return "", err
	}
	return k.begin(u, false), nil
}

// SignInProgram is SignIn for whoever asks for a token, which programs do.
func (k *Keeper) SignInProgram(ctx context.Context, from netip.Addr, name, password string) (token string, err error) {
	u, err := k.guess(ctx, from, name, password)
	if err != nil {
		return "", err
	}
	return k.begin(u, true), nil
}

func (k *Keeper) begin(u user, program bool) string {
	token := k.sessions.issue(session{User: u.Name, Stamp: u.Stamp, Until: time.Now().Add(SessionLife), Program: program})
	k.save()
	return token
}

// guess gives the user whose password it is.
func (k *Keeper) guess(ctx context.Context, from netip.Addr, name, password string) (user, error) {
	network := network(from)
	if wait := k.guesses.wait(network); wait > 0 { // whoever has to wait doesn't stand in others' way
		return user{}, &WaitError{wait}
	}
	select {
	case k.turn <- struct{}{}:
		defer func() { <-k.turn }()
	case <-ctx.Done():
		return user{}, ctx.Err()
	}
	if wait := k.guesses.wait(network); wait > 0 { // a guess before this one in the queue has failed
		return user{}, &WaitError{wait}
	}
	name = tidyName(name)
	u := k.users.find(name)
	if !u.Hash.fits(password) {
		k.guesses.failed(network, name)
		k.o.Log.Warn(k.o.Lang.Text("auth.log_wrong"), "address", from)
		return user{}, wrong()
	}
	k.guesses.succeeded(network, name)
	return u, nil
}

// SignOut ends a session.
func (k *Keeper) SignOut(token string) {
	k.sessions.revoke(token)
	k.save()
}

// Own gives a token of the admin's for programs in this process; it ends with it.
func (k *Keeper) Own() string {
	return k.sessions.issue(session{User: AdminName, own: true})
}

// save writes the sessions; if that fails, they are lost with the process only.
func (k *Keeper) save() {
	if err := k.sessions.save(); err != nil {
		k.o.Log.Warn(k.o.Lang.Err(err))
	}
}
