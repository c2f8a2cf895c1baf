package ec2

import (
	"bytes"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// seedQuery is what runbooks ask for: id, state and name.
const seedQuery = "Reservations[*].Instances[*].[InstanceId,State.Name,Tags[?Key==`Name`].Value]"

// clis finds the aws CLIs of this machine; version 1 and 2 may both be there.
func clis(t *testing.T) []string {
	t.Helper()
	var found []string
	for _, name := range []string{"aws", "/usr/bin/aws", "/usr/local/bin/aws"} {
		if path, err := exec.LookPath(name); err == nil && !slices.Contains(found, path) {
			found = append(found, path)
		}
	}
	if found == nil {
		t.Skip("the aws CLI is not installed (Debian: apt-get install awscli)")
	}
	return found
}

// aws runs the CLI against the cloud.
func aws(t *testing.T, cli, endpoint string, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), cli, append([]string{"ec2", "--endpoint-url", endpoint}, args...)...)
	cmd.Env = append(os.Environ(), "AWS_ACCESS_KEY_ID=test", "AWS_SECRET_ACCESS_KEY=test", "AWS_DEFAULT_REGION=ap-northeast-1",
		"AWS_CONFIG_FILE=/dev/null", "AWS_SHARED_CREDENTIALS_FILE=/dev/null", "AWS_EC2_METADATA_DISABLED=true")
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		code = exit.ExitCode()
	} else if err != nil {
		t.Fatal(err)
	}
	return out.String(), errs.String(), code
}

// TestRealCLI drives the simulated EC2 with the real aws CLI through a whole
// restart. The instance reaches a final state before wait asks, because the
// CLI's poll interval of 15 seconds can't be changed.
func TestRealCLI(t *testing.T) {
	for _, cli := range clis(t) {
		t.Run(cli, func(t *testing.T) {
			c := New(Options{Pending: 200 * time.Millisecond, Stopping: 200 * time.Millisecond})
			t.Cleanup(c.Close)
			c.AddInstance(Instance{ID: web, Name: "web-1", State: Running})
			server := httptest.NewServer(c)
			t.Cleanup(server.Close)

			expect := func(stdout, stderr string, code int, args ...string) {
				t.Helper()
				gotOut, gotErr, gotCode := aws(t, cli, server.URL, args...)
				if gotCode != code || !strings.Contains(gotOut, stdout) || !strings.Contains(gotErr, stderr) {
					t.Errorf("%q: %d\n%s%s", args, gotCode, gotOut, gotErr)
				}
			}
			expect(web+"\trunning\nweb-1\n", "", 0, "describe-instances", "--instance-id", web, "--query", seedQuery, "--output", "text")
			expect("STOPPINGINSTANCES\t"+web, "", 0, "stop-instances", "--instance-id", web, "--output", "text")
			waitFor(t, c, Stopped)
			expect("", "", 0, "wait", "instance-stopped", "--instance-id", web)
			expect(`"Name": "pending"`, "", 0, "start-instances", "--instance-id", web, "--output", "json")
			waitFor(t, c, Running)
			expect("", "", 0, "wait", "instance-running", "--instance-id", web)
			expect(web, "", 0, "describe-instances", "--filters", "Name=instance-state-name,Values=running", "--query", seedQuery, "--output", "text")

			_, _, failed := aws(t, cli, server.URL, "describe-instances", "--instance-ids", "i-a,i-b")
			if failed == 0 {
				t.Error("malformed ids were accepted")
			}
			expect("", "(InvalidInstanceID.Malformed)", failed, "stop-instances", "--instance-ids", "i-a,i-b")
			expect("", "(InvalidInstanceID.NotFound)", failed, "stop-instances", "--instance-ids", "i-00000000")
		})
	}
}

func waitFor(t *testing.T, c *Cloud, s State) {
	t.Helper()
	changed, cancel := c.Subscribe()
	defer cancel()
	for states(c)["web-1"] != s {
		select {
		case <-changed:
		case <-time.After(10 * time.Second):
			t.Fatalf("never %s: %v", s, states(c))
		}
	}
}

func TestUnsignedRequestIsRefused(t *testing.T) {
	server := httptest.NewServer(twoInstances(t))
	t.Cleanup(server.Close)
	answer, err := server.Client().PostForm(server.URL, map[string][]string{"Action": {"DescribeInstances"}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode != http.StatusUnauthorized {
		t.Errorf("status %s", answer.Status)
	}
}

func TestConcurrentUse(t *testing.T) {
	c := New(Options{Pending: time.Millisecond, Stopping: time.Millisecond})
	t.Cleanup(c.Close)
	id := c.Add("web-1")
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 50 {
				_, _ = c.Stop(id)
				_, _ = c.Describe(id)
				_, _ = c.Start(id)
			}
		})
	}
	all.Wait()
}
