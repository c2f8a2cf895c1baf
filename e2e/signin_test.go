package e2e

import (
	"bytes"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestFirstStart: the link that a new server prints sets the password; the
// session that it begins outlives kill -9, and there is no link any more.
func TestFirstStart(t *testing.T) {
	t.Parallel()
	data, addr := t.TempDir(), freeAddress(t)
	start := func() (cmd *exec.Cmd, printed func() string) {
		out, err := os.Create(filepath.Join(t.TempDir(), "out"))
		if err != nil {
			t.Fatal(err)
		}
		defer out.Close()
		cmd = exec.Command(binary, "serve", "--data", data, "--listen", addr)
		cmd.Env = append(os.Environ(), "TOBAN_ADMIN_PASSWORD=", "TOBAN_LANG=en")
		cmd.Stdout = out
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = cmd.Process.Kill() })
		eventually(t, "the server answers", func() bool {
			res, err := http.Get("http://" + addr + "/healthz")
			if err != nil {
				return false
			}
			_ = res.Body.Close()
			return res.StatusCode == http.StatusOK
		})
		return cmd, func() string {
			text, _ := os.ReadFile(out.Name())
			return string(text)
		}
	}
	kill := func(cmd *exec.Cmd) {
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // the error is that it was killed
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	ask := func(method, path, form string, cookies ...*http.Cookie) *http.Response {
		t.Helper()
		r, err := http.NewRequest(method, "http://"+addr+path, strings.NewReader(form))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", "http://"+addr)
		for _, c := range cookies {
			r.AddCookie(c)
		}
		res, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		return res
	}

	cmd, _ := start()
	kill(cmd) // whoever comes too late for the first link gets another one
	cmd, printed := start()
	link := regexp.MustCompile(`http://` + regexp.QuoteMeta(addr) + `/auth/setup\?token=(\w+)`)
	var found []string
	eventually(t, "the link is printed", func() bool {
		found = link.FindStringSubmatch(printed())
		return found != nil
	})
	if status := ask("GET", "/auth/setup?token="+found[1], "").StatusCode; status != http.StatusOK {
		t.Fatalf("the link: %d", status)
	}
	const password = "chosen at the first start"
	form := url.Values{"token": {found[1]}, "password": {password}, "again": {password}}.Encode()
	res := ask("POST", "/auth/setup", form)
	if res.StatusCode != http.StatusSeeOther || len(res.Cookies()) != 1 {
		t.Fatalf("the set-up: %d, cookies %v", res.StatusCode, res.Cookies())
	}
	kill(cmd)
	_, printed = start()
	if status := ask("GET", "/settings", "", res.Cookies()...).StatusCode; status != http.StatusOK {
		t.Errorf("the session after kill -9: %d", status)
	}
	if status := ask("POST", "/auth/setup", form).StatusCode; status != http.StatusForbidden {
		t.Errorf("the link's second use: %d", status)
	}
	if strings.Contains(printed(), "setup") {
		t.Errorf("another link is printed:\n%s", printed())
	}
	files, _ := filepath.Glob(filepath.Join(data, "*.json"))
	for _, file := range files {
		if text, _ := os.ReadFile(file); bytes.Contains(text, []byte(password)) || bytes.Contains(text, []byte(res.Cookies()[0].Value)) {
			t.Errorf("%s holds a secret", file)
		}
	}
}
