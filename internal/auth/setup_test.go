package auth

import (
	"errors"
	"testing"
)

// TestSetUpIsOverWithAnyAdmin: the link leads nowhere any more once an admin came
// to a password in another way, as by a program's token.
func TestSetUpIsOverWithAnyAdmin(t *testing.T) {
	k := open(t, t.TempDir(), "")
	token := k.SetupToken()
	must(t, k.Add("hanako", Viewer, userPassword))
	must(t, k.Add("robot", Admin, ""))
	must(t, k.MaySetUp(token))
	must(t, k.SetPassword("robot", adminPassword))
	if _, err := k.SetUp(token, adminPassword); !errors.Is(err, ErrWrong) || k.SetupToken() != "" || k.MaySetUp(token) == nil {
		t.Errorf("the link still is good: %v", err)
	}
}
