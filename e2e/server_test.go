package e2e

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

const adminPassword = "an admin's password"

var binary string

// TestMain builds the binary once.
func TestMain(m *testing.M) {
	flag.Parse()
	dir, err := os.MkdirTemp("", "toban-e2e-")
	if err != nil {
		panic(err)
	}
	binary = filepath.Join(dir, "toban")
	build := exec.Command("go", "build", "-o", binary, "../cmd/toban")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		panic(fmt.Sprintf("go build: %v", err))
	}
	// Scenes mostly wait: for polls, for browsers, for people.
	if err := flag.Set("test.parallel", "4"); err != nil {
		panic(err)
	}
	code := m.Run()
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

// server is `toban serve` as a process.
type server struct {
	t     *testing.T
	env   []string
	args  []string
	url   string
	token string
	cmd   *exec.Cmd
	log   *bytes.Buffer
}

// serve starts the server on a data folder and waits until it answers.
func serve(t *testing.T, data string, env []string, args ...string) *server {
	t.Helper()
	addr := freeAddress(t)
	s := &server{t: t, url: "http://" + addr, log: &bytes.Buffer{},
		env:  append(os.Environ(), append(env, "TOBAN_ADMIN_PASSWORD="+adminPassword)...),
		args: append([]string{"serve", "--data", data, "--listen", addr}, args...)}
	s.start()
	t.Cleanup(func() {
		if t.Failed() {
			for _, r := range s.runs() {
				t.Log(s.story(r))
			}
			_ = s.cmd.Process.Signal(syscall.SIGQUIT) // its goroutines go to the log
			time.Sleep(time.Second)
		}
		s.kill()
		if t.Failed() {
			t.Logf("the server's log:\n%s", s.log)
		}
	})
	return s
}

func (s *server) start() {
	s.t.Helper()
	s.cmd = exec.Command(binary, s.args...)
	s.cmd.Env = s.env
	s.cmd.Stdout, s.cmd.Stderr = s.log, s.log
	if err := s.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	eventually(s.t, "the server answers", func() bool {
		res, err := http.Get(s.url + "/healthz")
		if err != nil {
			return false
		}
		_ = res.Body.Close()
		return res.StatusCode == http.StatusOK
	})
	s.signIn()
}

// kill is kill -9.
func (s *server) kill() {
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait() // the error is that it was killed
}

// restart starts the server again on the same data folder.
func (s *server) restart() {
	s.t.Helper()
	s.kill()
	s.start()
}

func (s *server) signIn() {
	s.t.Helper()
	res, err := http.Post(s.url+"/auth/token", "application/x-www-form-urlencoded", strings.NewReader(
		"client_id=node-red-admin&grant_type=password&scope=*&username=admin&password="+adminPassword))
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	var answer struct {
		Token string `json:"access_token"`
	}
	if err := json.NewDecoder(res.Body).Decode(&answer); err != nil || answer.Token == "" {
		s.t.Fatalf("sign in: %d, %v", res.StatusCode, err)
	}
	s.token = answer.Token
}

// do calls the API and gives the status and the body.
func (s *server) do(method, path string, body []byte) (int, []byte) {
	s.t.Helper()
	r, err := http.NewRequest(method, s.url+path, bytes.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+s.token)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Node-RED-API-Version", "v2")
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return res.StatusCode, answer
}

// story is what happened in a run, for the log of a failed test.
func (s *server) story(r run) string {
	_, body := s.do(http.MethodGet, "/api/runs/"+r.ID, nil)
	var answer struct {
		Steps []struct {
			NodeName, Type, Status, Error string
			DurationMs                    float64
		}
	}
	_ = json.Unmarshal(body, &answer) // then there are no steps to show
	text := fmt.Sprintf("run %s: %s", r.Title, r.Status)
	for _, step := range answer.Steps {
		text += fmt.Sprintf("\n  %-30s %-12s %6.0f ms %s", step.NodeName, step.Status, step.DurationMs, step.Error)
	}
	return text
}

type run struct{ ID, Status, Title, Waiting, Error string }

func (s *server) runs() []run {
	s.t.Helper()
	status, body := s.do(http.MethodGet, "/api/runs", nil)
	var list struct{ Runs []run }
	if err := json.Unmarshal(body, &list); err != nil || status != http.StatusOK {
		s.t.Fatalf("GET /api/runs: %d %s", status, body)
	}
	return list.Runs
}

// ends waits until the only run has a status.
func (s *server) ends(status string) {
	s.t.Helper()
	eventually(s.t, "the run is "+status, func() bool {
		runs := s.runs()
		return len(runs) == 1 && runs[0].Status == status
	})
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}

// eventually waits for what another process does.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(60 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Fatalf("not within a minute: %s", what)
}
