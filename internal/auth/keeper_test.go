package auth

import (
	"bytes"
	"errors"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"toban/internal/locale"
)

const (
	adminPassword = "an admin's password"
	userPassword  = "a user's password"
)

var here = netip.MustParseAddr("192.0.2.1")

func open(t *testing.T, dir, password string) *Keeper {
	t.Helper()
	k, err := Open(Options{Dir: dir, AdminPassword: password, Lang: locale.EN})
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func signIn(t *testing.T, k *Keeper, name, password string) string {
	t.Helper()
	token, err := k.SignIn(t.Context(), here, name, password)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func person(k *Keeper, token string) Person {
	s, _ := k.Session(token)
	return s.Person
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestRoles(t *testing.T) {
	may := map[Role][]Action{Admin: {Manage, Edit, Operate, View}, Viewer: {View}, "": nil, "king": nil}
	for role, want := range may {
		var got []Action
		for a := Manage; a <= View; a++ {
			if role.May(a) {
				got = append(got, a)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q may %s", role, diff)
		}
	}
}

// TestEverythingSurvivesARestart: users and sessions are there again; the files hold
// neither passwords nor tokens, and are their owner's alone.
func TestEverythingSurvivesARestart(t *testing.T) {
	dir := t.TempDir()
	k := open(t, dir, adminPassword)
	must(t, k.Add("hanako", Viewer, userPassword))
	session := signIn(t, k, "hanako", userPassword)
	program, err := k.NewToken("hanako")
	must(t, err)
	own := k.Own()
	for _, name := range []string{UsersFile, SessionsFile} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil || info.Mode().Perm() != 0o600 && runtime.GOOS != "windows" {
			t.Errorf("%s: %v, %v", name, info, err)
		}
		data, _ := os.ReadFile(filepath.Join(dir, name))
		for _, secret := range []string{adminPassword, userPassword, session, program, own} {
			if bytes.Contains(data, []byte(secret)) {
				t.Errorf("%s holds a secret", name)
			}
		}
	}
	again := open(t, dir, adminPassword)
	for _, token := range []string{session, program} {
		if got := person(again, token); got != (Person{"hanako", Viewer}) {
			t.Errorf("after a restart it is %v", got)
		}
	}
	k.SignOut(own)
	if person(again, own).Known() || !person(k, own).Known() {
		t.Error("a process's own token is for that process")
	}
	want := []User{{"admin", Admin, true, false}, {"hanako", Viewer, true, true}}
	if diff := cmp.Diff(want, again.Users()); diff != "" {
		t.Error(diff)
	}
}

// TestAdminPassword: the environment's password counts, and ends the sessions
// of another one.
func TestAdminPassword(t *testing.T) {
	dir := t.TempDir()
	first := open(t, dir, adminPassword)
	token := signIn(t, first, AdminName, adminPassword)
	if first.SetupToken() != "" {
		t.Error("there is a password, and a set-up token")
	}
	if same := open(t, dir, adminPassword); !person(same, token).Known() {
		t.Error("the same password ended the session")
	}
	if unset := open(t, dir, ""); !person(unset, token).Known() || unset.SetupToken() != "" {
		t.Error("without the variable the password isn't kept")
	}
	changed := open(t, dir, "another admin's password")
	if person(changed, token).Known() {
		t.Error("another password left the session open")
	}
	if _, err := changed.SignIn(t.Context(), here, AdminName, adminPassword); !errors.Is(err, ErrWrong) {
		t.Errorf("the earlier password: %v", err)
	}
	for what, err := range map[string]error{"password": changed.SetPassword(AdminName, "a third password"), "removal": changed.Remove(AdminName)} {
		if !errors.Is(err, ErrConflict) || !strings.Contains(err.Error(), "TOBAN_ADMIN_PASSWORD") {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// TestOlderFolder: the generated password of version 0.1 goes on, and its file goes.
func TestOlderFolder(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, oldFile)
	must(t, os.WriteFile(file, []byte(newHash("abcde-fghij").String()+"\n"), 0o600))
	k := open(t, dir, "")
	signIn(t, k, AdminName, "abcde-fghij")
	if _, err := os.Stat(file); err == nil || k.SetupToken() != "" {
		t.Error("the old file is still there, or a set-up token in spite of it")
	}
	signIn(t, open(t, dir, ""), AdminName, "abcde-fghij")
	must(t, os.WriteFile(file, []byte("plain"), 0o600))
	must(t, os.Remove(filepath.Join(dir, UsersFile)))
	if _, err := Open(Options{Dir: dir}); err == nil || !strings.Contains(err.Error(), file) {
		t.Errorf("a broken file: %v", err)
	}
}

func TestBrokenFiles(t *testing.T) {
	dir := t.TempDir()
	open(t, dir, adminPassword)
	must(t, os.WriteFile(filepath.Join(dir, SessionsFile), []byte("{"), 0o600))
	var log bytes.Buffer
	k, err := Open(Options{Dir: dir, Lang: locale.EN, Log: slog.New(slog.NewTextHandler(&log, nil))})
	if err != nil || !strings.Contains(log.String(), SessionsFile) {
		t.Fatalf("sessions are no reason not to start: %v; %s", err, &log)
	}
	signIn(t, k, AdminName, adminPassword)
	for _, text := range []string{
		"", "[]x", `{"users":[{"name":"A","role":"admin","stamp":"1"}]}`, `{"users":[{"name":"a","role":"king","stamp":"1"}]}`,
		`{"users":[{"name":"a","role":"admin","hash":"plain","stamp":"1"}]}`, `{"users":[{"name":"a","role":"admin"}]}`,
		`{"users":[{"name":"a","role":"admin","stamp":"1"},{"name":"a","role":"viewer","stamp":"2"}]}`, strings.Repeat(" ", maxFile+1),
	} {
		must(t, os.WriteFile(filepath.Join(dir, UsersFile), []byte(text), 0o600))
		if _, err := Open(Options{Dir: dir}); err == nil || !strings.Contains(err.Error(), UsersFile) {
			t.Errorf("%.60q: %v", text, err)
		}
	}
}

// TestSetUp: of many who have the link one sets the password, once.
func TestSetUp(t *testing.T) {
	dir := t.TempDir()
	k := open(t, dir, "")
	token := k.SetupToken()
	if len(token) != 64 || token == open(t, t.TempDir(), "").SetupToken() {
		t.Fatalf("token %q", token)
	}
	if _, err := k.SetUp(token[1:]+"0", userPassword); !errors.Is(err, ErrWrong) {
		t.Errorf("a wrong token: %v", err)
	}
	if _, err := k.SetUp(token, "short"); !errors.Is(err, ErrInvalid) || k.MaySetUp(token) != nil {
		t.Errorf("a short password: %v", err)
	}
	var wg sync.WaitGroup
	won := make(chan string, 5)
	for i := range 5 {
		wg.Go(func() {
			if session, err := k.SetUp(token, strings.Repeat("x", minPassword+i)); err == nil {
				won <- session
			}
		})
	}
	wg.Wait()
	if len(won) != 1 || person(k, <-won) != (Person{AdminName, Admin}) || k.SetupToken() != "" || k.MaySetUp("") == nil || k.MaySetUp(token) == nil {
		t.Errorf("%d have set the password", len(won)+1)
	}
	if open(t, dir, "").SetupToken() != "" {
		t.Error("another start has a set-up token again")
	}
}

func TestManage(t *testing.T) {
	k := open(t, t.TempDir(), "")
	_, err := k.SetUp(k.SetupToken(), adminPassword)
	must(t, err)
	must(t, k.Add(" Hanako ", Viewer, userPassword))
	for _, c := range []struct {
		what string
		err  error
		want error
	}{
		{"twice", k.Add("hanako", Viewer, userPassword), ErrConflict},
		{"no name", k.Add("", Viewer, userPassword), ErrInvalid},
		{"odd name", k.Add("a/b", Viewer, userPassword), ErrInvalid},
		{"path", k.Add("..", Viewer, userPassword), ErrInvalid},
		{"lookalike", k.Add("аdmin", Viewer, userPassword), ErrInvalid}, // a Cyrillic letter
		{"long name", k.Add(strings.Repeat("a", 65), Viewer, userPassword), ErrInvalid},
		{"no role", k.Add("x", "", userPassword), ErrInvalid},
		{"short password", k.Add("x", Viewer, "ninechars"), ErrInvalid},
		{"ten characters", k.Add("ten", Viewer, "十文字のパスワードだ"), nil},
		{"long password", k.SetPassword("hanako", strings.Repeat("a", 1025)), ErrInvalid},
		{"nobody's password", k.SetPassword("nobody", userPassword), ErrNotFound},
		{"nobody's removal", k.Remove("nobody"), ErrNotFound},
		{"last admin", k.Remove(AdminName), ErrConflict},
		{"an admin who can't sign in", k.Add("robot", Admin, ""), nil},
		{"still the last admin", k.Remove(AdminName), ErrConflict},
		{"another admin", k.Add("taro", Admin, userPassword), nil},
		{"one of two admins", k.Remove(AdminName), nil},
	} {
		if !errors.Is(c.err, c.want) {
			t.Errorf("%s: %v, not %v", c.what, c.err, c.want)
		}
	}
	if _, err := k.NewToken("nobody"); !errors.Is(err, ErrNotFound) {
		t.Errorf("nobody's token: %v", err)
	}
	if _, err := k.SignIn(t.Context(), here, "robot", ""); !errors.Is(err, ErrWrong) {
		t.Errorf("a user without a password signs in: %v", err)
	}
}

// TestSessionsEndWithTheirReason: a changed password, a removed user, also one
// who comes again; whoever watches is told.
func TestSessionsEndWithTheirReason(t *testing.T) {
	dir := t.TempDir()
	k := open(t, dir, adminPassword)
	for _, c := range []struct {
		what string
		end  func(token string)
	}{
		{"sign-out", k.SignOut},
		{"new password", func(string) { must(t, k.SetPassword("hanako", userPassword)) }},
		{"own new password", func(string) {
			token, err := k.ChangePassword(t.Context(), here, "hanako", userPassword, userPassword)
			if must(t, err); person(k, token).Name != "hanako" {
				t.Error("whoever changes the password is signed out")
			}
		}},
		{"removal", func(string) {
			must(t, k.Remove("hanako"))
			must(t, k.Add("hanako", Admin, userPassword))
		}},
	} {
		if person(k, "").Known() {
			t.Fatal("no token is somebody's")
		}
		if k.users.find("hanako").Name == "" {
			must(t, k.Add("hanako", Viewer, userPassword))
		}
		token, told := signIn(t, k, "hanako", userPassword), 0
		k.Watch(token, func() { told++ })
		stop := k.Watch(token, func() { told += 10 })
		stop()
		c.end(token)
		if person(k, token).Known() || person(open(t, dir, adminPassword), token).Known() || told != 1 {
			t.Errorf("%s: the session goes on, or was told %d times", c.what, told)
		}
	}
	told := false
	k.Watch("nobody's", func() { told = true })
	if !told {
		t.Error("a session that is over is watched")
	}
}

// TestSessionsSlide: a session ends a week after its last use, and its file is
// written at most once a day.
func TestSessionsSlide(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		k := open(t, dir, adminPassword)
		token := signIn(t, k, AdminName, adminPassword)
		program, err := k.NewToken(AdminName)
		must(t, err)
		renewals := 0
		for range 10 * 24 { // used every hour for ten days
			time.Sleep(time.Hour)
			s, ok := k.Session(token)
			if !ok {
				t.Fatal("ended while it was used")
			}
			if s.Renewed {
				renewals++
			}
		}
		if renewals != 10 {
			t.Errorf("written %d times in ten days", renewals)
		}
		if !person(open(t, dir, adminPassword), token).Known() {
			t.Error("its new end isn't kept")
		}
		time.Sleep(SessionLife)
		if person(k, token).Known() {
			t.Error("it goes on after a week without use")
		}
		if !person(k, program).Known() {
			t.Error("a program's token has ended")
		}
	})
}

// TestFullDisk: a change that can't be written doesn't happen; signing in works.
func TestFullDisk(t *testing.T) {
	dir := t.TempDir()
	k := open(t, dir, adminPassword)
	must(t, os.Rename(dir, dir+".gone"))
	t.Cleanup(func() { _ = os.Rename(dir+".gone", dir) })
	if err := k.Add("hanako", Viewer, userPassword); err == nil || !strings.Contains(err.Error(), UsersFile) || len(k.Users()) != 1 {
		t.Errorf("a user that isn't written: %v, %v", err, k.Users())
	}
	if _, err := k.NewToken(AdminName); err == nil {
		t.Error("a token without end that isn't written")
	}
	if !person(k, signIn(t, k, AdminName, adminPassword)).Known() {
		t.Error("nobody can sign in")
	}
}
