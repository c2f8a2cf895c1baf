package auth

import (
	"crypto/subtle"
	"sync"

	"toban/internal/locale"
)

// setup is the one-time way in while no admin has a password.
type setup struct {
	mu    sync.Mutex
	token string // "" once it was used
}

// SetupToken is the token with which the admin's first password may be set; ""
// if there is a password. It is new at each start, and good for one use.
func (k *Keeper) SetupToken() string {
	k.setup.mu.Lock()
	defer k.setup.mu.Unlock()
	if hasAdmin(k.users.all()) {
		return ""
	}
	return k.setup.token
}

// MaySetUp says whether a set-up token is good. Error: ErrWrong.
func (k *Keeper) MaySetUp(token string) error {
	k.setup.mu.Lock()
	defer k.setup.mu.Unlock()
	return k.checkSetup(token)
}

// checkSetup refuses the token also once an admin came to a password in another
// way; k.setup.mu is held.
func (k *Keeper) checkSetup(token string) error {
	s := &k.setup
	if s.token == "" || hasAdmin(k.users.all()) || subtle.ConstantTimeCompare([]byte(s.token), []byte(token)) != 1 {
		return locale.Errorf("auth.setup_over").Because(ErrWrong)
	}
	return nil
}

// SetUp sets the admin's first password and signs the admin in. Errors:
// ErrWrong if the token isn't good (any more), ErrInvalid.
func (k *Keeper) SetUp(token, password string) (session string, err error) {
	k.setup.mu.Lock()
	defer k.setup.mu.Unlock()
	if err := k.checkSetup(token); err != nil {
		return "", err
	}
	if err := CheckPassword(password); err != nil {
		return "", err
	}
	if err := k.users.put(AdminName, Admin, newHash(password)); err != nil {
		return "", err
	}
	k.setup.token = ""
	return k.begin(k.users.find(AdminName), false), nil
}
