package auth

import (
	"cmp"
	"crypto/rand"
	"encoding/hex"
	"slices"
	"strings"
	"sync"

	"toban/internal/locale"
)

// AdminName is the user that the set-up and TOBAN_ADMIN_PASSWORD make.
const AdminName = "admin"

// The bounds of users and their passwords.
const (
	maxUsers    = 500
	maxName     = 64
	minPassword = 10   // characters
	maxPassword = 1024 // bytes
)

// user is one entry of users.json.
type user struct {
	Name string `json:"name"`
	Role Role   `json:"role"`
	Hash hash   `json:"hash,omitzero"` // zero: no password, tokens only
	// Stamp changes with the password; sessions of another stamp are over.
	Stamp string `json:"stamp"`
}

// users is the file of users, and its content.
type users struct {
	file string

	mu   sync.RWMutex
	list []user // in order of their names
}

func newStamp() string {
	var b [8]byte
	_, _ = rand.Read(b[:]) // crypto/rand.Read never fails
	return hex.EncodeToString(b[:])
}

// find gives a user; the zero user, who has no name, if there is none.
func (u *users) find(name string) user {
	u.mu.RLock()
	defer u.mu.RUnlock()
	if i, ok := search(u.list, name); ok {
		return u.list[i]
	}
	return user{}
}

func (u *users) all() []user {
	u.mu.RLock()
	defer u.mu.RUnlock()
	return slices.Clone(u.list)
}

// change lets f change a copy of the list, and keeps it once it is written.
func (u *users) change(f func(list []user) ([]user, error)) error {
	u.mu.Lock()
	defer u.mu.Unlock()
	list, err := f(slices.Clone(u.list))
	if err != nil {
		return err
	}
	slices.SortFunc(list, func(a, b user) int { return cmp.Compare(a.Name, b.Name) })
	if err := writeUsers(u.file, list); err != nil {
		return err
	}
	u.list = list
	return nil
}

// put adds a user, or gives one a new role and password.
func (u *users) put(name string, role Role, h hash) error {
	return u.change(func(list []user) ([]user, error) {
		list = slices.DeleteFunc(list, func(x user) bool { return x.Name == name })
		return append(list, user{name, role, h, newStamp()}), nil
	})
}

func (u *users) add(name string, role Role, h hash) error {
	return u.change(func(list []user) ([]user, error) {
		if _, ok := search(list, name); ok {
			return nil, locale.Errorf("auth.user_exists", "name", name).Because(ErrConflict)
		}
		if len(list) >= maxUsers {
			return nil, locale.Errorf("auth.too_many_users", "max", maxUsers).Because(ErrConflict)
		}
		return append(list, user{name, role, h, newStamp()}), nil
	})
}

func (u *users) remove(name string) error {
	return u.change(func(list []user) ([]user, error) {
		i, ok := search(list, name)
		if !ok {
			return nil, notFound(name)
		}
		if list = slices.Delete(list, i, i+1); !hasAdmin(list) {
			return nil, locale.Errorf("auth.last_admin", "name", name).Because(ErrConflict)
		}
		return list, nil
	})
}

func (u *users) setHash(name string, h hash) error {
	return u.change(func(list []user) ([]user, error) {
		i, ok := search(list, name)
		if !ok {
			return nil, notFound(name)
		}
		list[i].Hash, list[i].Stamp = h, newStamp()
		return list, nil
	})
}

// hasAdmin reports whether some admin can sign in.
func hasAdmin(list []user) bool {
	return slices.ContainsFunc(list, func(u user) bool { return u.Role == Admin && !u.Hash.isZero() })
}

func search(list []user, name string) (int, bool) {
	return slices.BinarySearchFunc(list, name, func(u user, name string) int { return cmp.Compare(u.Name, name) })
}

// tidyName is a name as it is kept: a telephone's keyboard begins it with a
// capital and ends it with a blank.
func tidyName(name string) string { return strings.ToLower(strings.TrimSpace(name)) }

func checkName(name string) error {
	odd := func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9') && !strings.ContainsRune("._-@", r)
	}
	if name == "" || len(name) > maxName || strings.ContainsFunc(name, odd) || strings.ContainsRune("._-@", rune(name[0])) {
		return locale.Errorf("auth.bad_name", "name", name, "max", maxName).Because(ErrInvalid)
	}
	return nil
}

func checkRole(role Role) error {
	if !slices.Contains(Roles(), role) {
		return locale.Errorf("auth.bad_role", "role", role).Because(ErrInvalid)
	}
	return nil
}

// CheckPassword says what is wrong with a new password, if anything.
func CheckPassword(password string) error {
	if len([]rune(password)) < minPassword {
		return locale.Errorf("auth.short_password", "min", minPassword).Because(ErrInvalid)
	}
	if len(password) > maxPassword {
		return locale.Errorf("auth.long_password").Because(ErrInvalid)
	}
	return nil
}
