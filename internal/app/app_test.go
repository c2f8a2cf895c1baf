package app_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"toban/internal/app"
	"toban/internal/locale"
	"toban/internal/store"
)

const hello = `[{"id":"w","type":"http in","z":"t","url":"/hello","method":"get","wires":[["r"]]},
	{"id":"r","type":"http response","z":"t","statusCode":"202","wires":[]}]`

// serve runs a server until the context ends; it gives its address and how it ended.
func serve(t *testing.T, ctx context.Context, o app.Options) (addr string, ended chan error) {
	t.Helper()
	ready, ended := make(chan string, 1), make(chan error, 1)
	go func() {
		ended <- app.Serve(ctx, o, "127.0.0.1:0", func(_ *app.App, addr string) { ready <- addr })
	}()
	select {
	case addr = <-ready:
	case err := <-ended:
		t.Fatal(err)
	}
	return addr, ended
}

func get(t *testing.T, url string) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	return resp.StatusCode
}

// TestServe: a folder's flows run; nobody else gets the folder meanwhile; the
// server ends when it is told to and leaves folder and port free.
func TestServe(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "flows.json"), []byte(hello), 0o600); err != nil {
		t.Fatal(err)
	}
	o := app.Options{DataDir: dir, AdminPassword: "secret", Lang: locale.EN}
	for range 2 { // the second start finds what the first one left
		ctx, stop := context.WithCancel(t.Context())
		addr, ended := serve(t, ctx, o)
		if status := get(t, "http://"+addr+"/hello"); status != http.StatusAccepted {
			t.Errorf("http in answers %d", status)
		}
		if _, err := app.New(t.Context(), o); !errors.Is(err, store.ErrLocked) || !strings.Contains(err.Error(), addr) {
			t.Errorf("a second server on the folder, which %s has: %v", addr, err)
		}
		stop()
		select {
		case err := <-ended:
			if err != nil {
				t.Errorf("end: %v", err)
			}
		case <-time.After(10 * time.Second):
			t.Fatal("the server doesn't end")
		}
		if c, err := net.Dial("tcp", addr); err == nil {
			_ = c.Close()
			t.Error("the port is still open")
		}
	}
}

// TestBrokenFolder: a flow file or secrets that can't be read stop the start
// with the reason, and nothing is overwritten or left locked.
func TestBrokenFolder(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "flows.json")
	if err := os.WriteFile(file, []byte("[\n{]"), 0o600); err != nil {
		t.Fatal(err)
	}
	o := app.Options{DataDir: dir, AdminPassword: "secret", Lang: locale.EN}
	for range 2 { // the second time, too: the folder isn't locked
		_, err := app.New(t.Context(), o)
		if err == nil || !strings.Contains(locale.EN.Err(err), "line 2") {
			t.Errorf("error: %v", err)
		}
	}
	if text, _ := os.ReadFile(file); string(text) != "[\n{]" {
		t.Errorf("the file was changed: %q", text)
	}
}

// TestListen: a port that is taken is said before anything is opened.
func TestListen(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	err = app.Serve(t.Context(), app.Options{DataDir: t.TempDir()}, l.Addr().String(), nil)
	if !locale.HasKey(err, "app.cannot_listen") || !strings.Contains(err.Error(), l.Addr().String()) {
		t.Errorf("error: %v", err)
	}
}

func TestFromEnv(t *testing.T) {
	env := map[string]string{"TOBAN_TZ": "Asia/Tokyo", "TOBAN_HOSTS": "Toban.example, b.example ,", "TOBAN_ADMIN_PASSWORD": "p"}
	o, err := app.FromEnv(func(name string) string { return env[name] })
	if err != nil || o.Zone.String() != "Asia/Tokyo" || strings.Join(o.Hosts, " ") != "toban.example b.example" || o.AdminPassword != "p" {
		t.Errorf("%+v, %v", o, err)
	}
	env["TOBAN_KEEP_DAYS"], env["TOBAN_KEEP_MB"] = "90", "500"
	if o, err := app.FromEnv(func(name string) string { return env[name] }); err != nil || o.Keep != 90*24*time.Hour || o.KeepBytes != 500e6 {
		t.Errorf("kept: %v, %d bytes, %v", o.Keep, o.KeepBytes, err)
	}
	env["TOBAN_KEEP_MB"] = "5 GB"
	if _, err := app.FromEnv(func(name string) string { return env[name] }); !locale.HasKey(err, "app.bad_number") {
		t.Errorf("no number: %v", err)
	}
	delete(env, "TOBAN_KEEP_MB")
	env["TOBAN_TZ"] = "Mars/Olympus"
	if _, err := app.FromEnv(func(name string) string { return env[name] }); !locale.HasKey(err, "app.bad_zone") {
		t.Errorf("an unknown zone: %v", err)
	}
}

// TestStopAnswersOpenRequests: whoever waits for an answer when the server is
// stopped still gets it.
func TestStopAnswersOpenRequests(t *testing.T) {
	dir := t.TempDir()
	slow := `[{"id":"t","type":"tab"},
	 {"id":"in","type":"http in","z":"t","url":"/slow","method":"get","wires":[["wait"]]},
	 {"id":"wait","type":"delay","z":"t","pauseType":"delay","timeout":"1","timeoutUnits":"seconds","wires":[["out"]]},
	 {"id":"out","type":"http response","z":"t","statusCode":"202","wires":[]}]`
	if err := os.WriteFile(filepath.Join(dir, "flows.json"), []byte(slow), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	addr, ended := serve(t, ctx, app.Options{DataDir: dir, AdminPassword: "secret", Lang: locale.EN})
	answered := make(chan int, 1)
	go func() { answered <- get(t, "http://"+addr+"/slow") }()
	time.Sleep(300 * time.Millisecond) // the request is in the delay node
	stop()
	if status := <-answered; status != http.StatusAccepted {
		t.Errorf("the request that was open got %d", status)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// TestDeployWhileARunIsOpen: a changed http in node takes over its path, even
// while a run of the old revision is still open.
func TestDeployWhileARunIsOpen(t *testing.T) {
	a, err := app.New(t.Context(), app.Options{DataDir: t.TempDir(), AdminPassword: "secret", Lang: locale.EN})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = a.Stop(t.Context()) }()
	held := `[{"id":"in","type":"http in","z":"t","url":"/hook","method":"get","wires":[["out","wait"]]},
	 {"id":"out","type":"http response","z":"t","statusCode":"202","wires":[]},
	 {"id":"wait","type":"delay","z":"t","pauseType":"delay","timeout":"1","timeoutUnits":"hours","wires":[[]]}]`
	call := func() int {
		w := httptest.NewRecorder()
		a.Handler().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://127.0.0.1/hook", nil))
		return w.Code
	}
	renamed := strings.Replace(held, `"type":"http in"`, `"type":"http in","name":"changed"`, 1)
	for _, file := range []string{held, renamed} {
		if _, problems, _ := deploy(t, a, file); len(problems) > 0 {
			t.Errorf("problems: %+v", problems)
		}
		if got := call(); got != http.StatusAccepted {
			t.Errorf("answered %d", got)
		}
	}
}
