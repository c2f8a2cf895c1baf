package auth

import (
	"context"
	"net/netip"

	"toban/internal/locale"
)

// User is a user as others may see it.
type User struct {
	Name     string `json:"name"`
	Role     Role   `json:"role"`
	Password bool   `json:"password"` // has one
	Token    bool   `json:"token"`    // has one
}

// Users lists the users by name.
func (k *Keeper) Users() []User {
	tokens := k.sessions.withToken()
	list := []User{}
	for _, u := range k.users.all() {
		list = append(list, User{u.Name, u.Role, !u.Hash.isZero(), tokens[u.Name]})
	}
	return list
}

// Add adds a user. Without a password they can't sign in: their programs have a
// token (NewToken). Errors: ErrInvalid, ErrConflict.
func (k *Keeper) Add(name string, role Role, password string) error {
	name = tidyName(name)
	if err := checkName(name); err != nil {
		return err
	}
	if err := checkRole(role); err != nil {
		return err
	}
	var h hash
	if password != "" {
		if err := CheckPassword(password); err != nil {
			return err
		}
		h = newHash(password)
	}
	return k.users.add(name, role, h)
}

// Remove removes a user and ends their sessions. The last admin who can sign in
// stays. Errors: ErrNotFound, ErrConflict.
func (k *Keeper) Remove(name string) error {
	if err := k.notFromEnvironment(name); err != nil {
		return err
	}
	if err := k.users.remove(name); err != nil {
		return err
	}
	k.endAll(name)
	return nil
}

// SetPassword gives a user a new password and ends their sessions. Errors:
// ErrInvalid, ErrNotFound, ErrConflict.
func (k *Keeper) SetPassword(name, password string) error {
	if err := k.notFromEnvironment(name); err != nil {
		return err
	}
	if err := CheckPassword(password); err != nil {
		return err
	}
	if err := k.users.setHash(name, newHash(password)); err != nil {
		return err
	}
	k.endAll(name)
	return nil
}

// ChangePassword gives whoever knows the old password a new one, ends their
// sessions, and gives the token of a new one. Errors as SignIn's and SetPassword's.
func (k *Keeper) ChangePassword(ctx context.Context, from netip.Addr, name, old, password string) (token string, err error) {
	if err := CheckPassword(password); err != nil {
		return "", err
	}
	if _, err := k.guess(ctx, from, name, old); err != nil {
		return "", err
	}
	if err := k.SetPassword(name, password); err != nil {
		return "", err
	}
	return k.begin(k.users.find(name), false), nil
}

// NewToken gives a user's programs a token without end. It takes the place of
// the user's earlier one, and is over when their password changes. Error: ErrNotFound.
func (k *Keeper) NewToken(name string) (string, error) {
	u := k.users.find(name)
	if u.Name == "" {
		return "", notFound(name)
	}
	k.sessions.endThose(func(_ sum, x *session) bool { return x.User == name && x.endless() && !x.own })
	token := k.sessions.issue(session{User: u.Name, Stamp: u.Stamp})
	if err := k.sessions.save(); err != nil { // a token without end must outlive the process
		k.sessions.revoke(token)
		return "", err
	}
	return token, nil
}

func (k *Keeper) endAll(name string) {
	k.sessions.endThose(func(_ sum, x *session) bool { return x.User == name && !x.own })
	k.save()
}

// Fixed reports whether a user's password comes from the options: changing it
// would last until the next start only.
func (k *Keeper) Fixed(name string) bool { return name == AdminName && k.o.AdminPassword != "" }

func (k *Keeper) notFromEnvironment(name string) error {
	if k.Fixed(name) {
		return locale.Errorf("auth.from_environment").Because(ErrConflict)
	}
	return nil
}
