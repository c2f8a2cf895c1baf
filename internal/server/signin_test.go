package server_test

import (
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"

	"toban/internal/app"
)

// browser is a person's browser: it keeps cookies, follows redirects, and says
// which page a form stands on.
type browser struct {
	t      *testing.T
	base   string
	lang   string
	client *http.Client
}

func newBrowser(t *testing.T, base string) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &browser{t: t, base: base, lang: "en", client: &http.Client{Jar: jar}}
}

// visit follows a link and gives the status, the page and where it stands.
func (b *browser) visit(path string) (status int, page, at string) {
	b.t.Helper()
	return b.load(http.MethodGet, path, "")
}

// send sends a form; fields are pairs of name and value.
func (b *browser) send(path string, fields ...string) (status int, page, at string) {
	b.t.Helper()
	form := url.Values{}
	for i := 0; i < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	return b.load(http.MethodPost, path, form.Encode())
}

func (b *browser) load(method, path, body string) (status int, page, at string) {
	b.t.Helper()
	r, err := http.NewRequestWithContext(b.t.Context(), method, b.base+path, strings.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Accept", "text/html,*/*;q=0.8")
	r.Header.Set("Accept-Language", b.lang)
	r.Header.Set("User-Agent", "Mozilla/5.0")
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", b.base)
	}
	resp, err := b.client.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	return resp.StatusCode, read(b.t, resp), resp.Request.URL.RequestURI()
}

// signIn signs in at the page.
func (b *browser) signIn(name, password string) {
	b.t.Helper()
	if status, page, at := b.send("/login", "username", name, "password", password, "to", "/auth/account"); status != 200 || at != "/auth/account" {
		b.t.Fatalf("%s can't sign in: %d at %s: %s", name, status, at, page)
	}
}

func contains(t *testing.T, page string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(page, part) {
			t.Errorf("the page lacks %q:\n%s", part, page)
		}
	}
}

// TestSignInPage: whoever comes without a session signs in, is where they wanted
// to be, and signs out.
func TestSignInPage(t *testing.T) {
	s := newSite(t)
	b := newBrowser(t, s.url)
	status, page, at := b.visit("/auth/account?x=1")
	if status != 200 || at != "/login?to=%2Fauth%2Faccount%3Fx%3D1" {
		t.Fatalf("without a session: %d at %s", status, at)
	}
	contains(t, page, `<html lang="en">`, `name="to" value="/auth/account?x=1"`, `autocomplete="username"`, `autocomplete="current-password"`,
		`<label for="username">`, `<label for="password">`, `method="post"`)
	status, page, _ = b.send("/login", "username", "admin", "password", "wrong", "to", "/auth/account")
	if status != 403 {
		t.Errorf("a wrong password: %d", status)
	}
	contains(t, page, `role="alert">wrong user or password`, `value="admin"`, `value="/auth/account"`)
	status, page, at = b.send("/login", "username", " Admin ", "password", password, "to", "/auth/account?x=1") // as a telephone types it
	if status != 200 || at != "/auth/account?x=1" {
		t.Fatalf("signing in: %d at %s: %s", status, at, page)
	}
	contains(t, page, "signed in as admin")
	if _, _, at = b.visit("/login?to=/healthz"); at != "/healthz" {
		t.Errorf("signed in already, and at %s", at)
	}
	if _, _, at = b.send("/auth/logout"); at != "/login" {
		t.Errorf("signed out, at %s", at)
	}
	if _, _, at = b.visit("/auth/account"); !strings.HasPrefix(at, "/login") {
		t.Errorf("after signing out at %s", at)
	}
	b.lang = "ja"
	_, page, _ = b.visit("/login")
	contains(t, page, `<html lang="ja">`, "サインイン", "パスワード")
}

// TestSignInLeadsNowhereElse: neither the link nor the form leads to another site.
func TestSignInLeadsNowhereElse(t *testing.T) {
	s := newSite(t)
	s.token = ""
	body := url.Values{"username": {"admin"}, "password": {password}, "to": {"//evil.example/"}}.Encode()
	resp, _ := s.send("POST", "/login", body, "Content-Type", "application/x-www-form-urlencoded", "Origin", s.url)
	if resp.StatusCode != http.StatusSeeOther || resp.Header.Get("Location") != "/" {
		t.Errorf("%d to %s", resp.StatusCode, resp.Header.Get("Location"))
	}
	c := resp.Cookies()
	if len(c) != 1 || c[0].Name != "toban_session" || !c[0].HttpOnly || c[0].SameSite != http.SameSiteLaxMode || c[0].Path != "/" || c[0].Secure {
		t.Errorf("cookie %v", c)
	}
	resp, _ = s.send("POST", "/login", body, "Content-Type", "application/x-www-form-urlencoded", "Origin", s.url, "X-Forwarded-Proto", "https")
	if c := resp.Cookies(); len(c) != 1 || !c[0].Secure {
		t.Errorf("behind TLS: cookie %v", c)
	}
	if resp, _ = s.send("POST", "/login", body, "Content-Type", "application/x-www-form-urlencoded", "Origin", "https://evil.example"); resp.StatusCode != http.StatusForbidden {
		t.Errorf("another site signs people in: %d", resp.StatusCode)
	}
}

// TestSessionOfAPage: an open page signs in again without being left.
func TestSessionOfAPage(t *testing.T) {
	s := newSite(t)
	s.token = ""
	body := `{"username":"admin","password":"` + password + `"}`
	resp, _ := s.send("POST", "/auth/session", body, "Content-Type", "application/json", "Origin", s.url)
	if resp.StatusCode != http.StatusNoContent || len(resp.Cookies()) != 1 {
		t.Fatalf("%d, cookies %v", resp.StatusCode, resp.Cookies())
	}
	cookie := "toban_session=" + resp.Cookies()[0].Value
	if got := s.want(200, "GET", "/settings", "", "Cookie", cookie); !strings.Contains(got, `"username":"admin"`) {
		t.Errorf("settings: %s", got)
	}
	s.want(415, "POST", "/auth/session", body, "Content-Type", "text/plain")
	s.want(403, "POST", "/auth/session", `{"username":"admin","password":"x"}`, "Content-Type", "application/json")
	s.want(403, "POST", "/auth/revoke", "", "Cookie", cookie)
	s.want(200, "POST", "/auth/revoke", "", "Cookie", cookie, "Origin", s.url)
	s.want(401, "GET", "/settings", "", "Cookie", cookie)
	if got := s.want(200, "GET", "/auth/login", "", "User-Agent", "Mozilla/5.0"); !strings.Contains(got, `"loginRedirect":"/login"`) || !strings.Contains(got, `"type":"strategy"`) {
		t.Errorf("an editor signs in by %s", got)
	}
	if got := s.want(200, "GET", "/auth/login", "", "User-Agent", "axios/1.7"); !strings.Contains(got, `"type":"credentials"`) {
		t.Errorf("a program signs in by %s", got)
	}
}

// TestSetUp: the link of a new server sets the first password, once.
func TestSetUp(t *testing.T) {
	s := newSite(t, func(o *app.Options) { o.AdminPassword = "" })
	b := newBrowser(t, s.url)
	link := "/auth/setup?token=" + s.app.SetupToken()
	_, page, _ := b.visit("/login")
	contains(t, page, "set-up link")
	for _, wrong := range []string{"/auth/setup", "/auth/setup?token=", "/auth/setup?token=" + strings.Repeat("0", 64)} {
		if status, page, _ := b.visit(wrong); status != 403 || strings.Contains(page, "<form") {
			t.Errorf("%s: %d %s", wrong, status, page)
		}
	}
	s.token = ""
	if resp, _ := s.send("GET", link, ""); resp.Header.Get("Referrer-Policy") != "strict-origin" || resp.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("the link may leak: %v", resp.Header)
	}
	_, page, _ = b.visit(link)
	contains(t, page, `autocomplete="new-password"`, `minlength="10"`, `value="admin"`)
	token := s.app.SetupToken()
	for _, c := range []struct{ token, first, second, want string }{
		{token, "long enough", "another one", "differ"},
		{token, "short", "short", "at least 10"},
		{"x", "long enough", "long enough", "not valid"},
		{"x", "long enough", "another one", "not valid"},
	} {
		status, page, _ := b.send("/auth/setup", "token", c.token, "password", c.first, "again", c.second)
		if status == 200 || s.app.SetupToken() != token {
			t.Errorf("%+v: %d", c, status)
		}
		contains(t, page, `role="alert"`, c.want)
	}
	if _, _, at := b.send("/auth/setup", "token", token, "password", "long enough", "again", "long enough"); at != "/" {
		t.Errorf("set up, at %s", at)
	}
	if status, page, _ := b.visit("/auth/account"); status != 200 || !strings.Contains(page, "signed in as admin") {
		t.Errorf("after the set-up: %d %s", status, page)
	}
	if status, _, _ := newBrowser(t, s.url).visit(link); status != 403 || s.app.SetupToken() != "" {
		t.Errorf("the link is good for a second use: %d", status)
	}
	newBrowser(t, s.url).signIn("admin", "long enough")
}

// TestAccount: one's own password is changed by whoever knows the old one; other
// sessions end.
func TestAccount(t *testing.T) {
	s := newSite(t)
	s.want(201, "POST", "/api/users", `{"name":"hanako","role":"viewer","password":"hanako's first"}`)
	b, phone := newBrowser(t, s.url), newBrowser(t, s.url)
	b.signIn("hanako", "hanako's first")
	phone.signIn("hanako", "hanako's first")
	for _, c := range []struct{ old, first, second, want string }{
		{"wrong", "hanako's second", "hanako's second", "wrong user or password"},
		{"hanako's first", "hanako's second", "hanako's third", "differ"},
		{"hanako's first", "short", "short", "at least 10"},
	} {
		_, page, _ := b.send("/auth/account", "old", c.old, "password", c.first, "again", c.second)
		contains(t, page, `role="alert"`, c.want)
	}
	_, page, _ := b.send("/auth/account", "old", "hanako's first", "password", "hanako's second", "again", "hanako's second")
	contains(t, page, `role="status"`)
	if _, _, at := phone.visit("/auth/account"); !strings.HasPrefix(at, "/login") {
		t.Errorf("the other session goes on, at %s", at)
	}
	phone.signIn("hanako", "hanako's second")
	admin := newBrowser(t, s.url)
	admin.signIn("admin", password)
	_, page, _ = admin.visit("/auth/account")
	contains(t, page, "TOBAN_ADMIN_PASSWORD") // changing it here wouldn't last
}

// TestUsersPage: everything that concerns users can be done without JavaScript.
func TestUsersPage(t *testing.T) {
	s := newSite(t)
	b := newBrowser(t, s.url)
	b.signIn("admin", password)
	step := func(want string, fields ...string) (page string) {
		t.Helper()
		_, page, _ = b.send("/auth/users", fields...)
		contains(t, page, want)
		return page
	}
	step(`role="status">User hanako is added`, "do", "add", "name", "hanako", "role", "viewer", "password", "hanako's first")
	step(`role="alert">there is a user hanako already`, "do", "add", "name", "hanako", "role", "viewer", "password", "hanako's first")
	step(`value="&lt;b&gt;"`, "do", "add", "name", "<b>", "role", "viewer", "password", "hanako's first")
	step(`role="alert">there is no role`, "do", "add", "name", "x", "role", "king", "password", "hanako's first")
	step("hanako has the new password", "do", "password", "name", "hanako", "password", "hanako's second")
	hanako := newBrowser(t, s.url)
	hanako.signIn("hanako", "hanako's second")
	if status, page, _ := hanako.visit("/auth/users"); status != 403 || !strings.Contains(page, "viewer") || !strings.Contains(page, "<html") {
		t.Errorf("a viewer among the users: %d %s", status, page)
	}
	page := step("not shown again", "do", "token", "name", "hanako")
	_, rest, _ := strings.Cut(page, `<code class="secret">`)
	token, _, _ := strings.Cut(rest, "</code>")
	if got := s.want(200, "GET", "/settings", "", "Authorization", "Bearer "+token); !strings.Contains(got, `"permissions":["read"`) || !strings.Contains(got, `"username":"hanako"`) {
		t.Errorf("settings of a viewer: %s", got)
	}
	s.want(200, "GET", "/metrics", "", "Authorization", "Bearer "+token)
	s.want(403, "POST", "/flows", "[]", "Authorization", "Bearer "+token)
	step("hanako is removed", "do", "remove", "name", "hanako")
	s.want(401, "GET", "/metrics", "", "Authorization", "Bearer "+token)
	if _, _, at := hanako.visit("/auth/account"); !strings.HasPrefix(at, "/login") {
		t.Errorf("a removed user is at %s", at)
	}
	step(`role="alert">`, "do", "remove", "name", "admin")
}
