package sshhost

import (
	"bytes"
	"context"
	"errors"
	"net/http/httptest"
	"os"
	"os/exec"
	"testing"

	"toban/internal/sim/ec2"
)

// TestSameAsTheRealCLI asks the simulated and the real aws CLI the same
// questions about the same instances.
func TestSameAsTheRealCLI(t *testing.T) {
	cli, err := exec.LookPath("aws")
	if err != nil {
		t.Skip("the aws CLI is not installed (Debian: apt-get install awscli)")
	}
	cloud := ec2.New(ec2.Options{})
	t.Cleanup(cloud.Close)
	cloud.AddInstance(ec2.Instance{ID: web, Name: "web-1", State: ec2.Running})
	cloud.AddInstance(ec2.Instance{ID: "i-00000001", State: ec2.Stopped}) // no name
	server := httptest.NewServer(cloud)
	t.Cleanup(server.Close)
	host := &Host{cloud: cloud}

	for _, args := range [][]string{
		{"describe-instances", "--instance-id", web, "--query", seedQuery, "--output", "text"},
		{"describe-instances", "--query", seedQuery, "--output", "text"},
		{"describe-instances", "--query", seedQuery, "--output", "json"},
		{"describe-instances", "--query", "Reservations[].Instances[].State", "--output", "text"},
		{"describe-instances", "--query", "Reservations[0].Instances[-1].[InstanceId, Missing] | [0]", "--output", "text"},
		{"describe-instances", "--query", "Reservations[].Instances[?State.Name!='running'].InstanceId", "--output", "text"},
		{"stop-instances", "--instance-ids", "i-00000001", "--output", "text"},
		{"stop-instances", "--instance-ids", "i-00000001", "--query", "StoppingInstances[*].CurrentState.Name", "--output", "text"},
	} {
		var out, errs bytes.Buffer
		sh := &shell{host: host, ctx: context.Background()}
		code := aws(sh, append([]string{"ec2"}, args...), streams{&out, &errs})
		realOut, realCode := real(t, cli, append([]string{"ec2", "--endpoint-url", server.URL}, args...))
		if out.String() != realOut || code != realCode {
			t.Errorf("%q\nsimulated (%d): %q\nreal (%d): %q", args, code, out.String()+errs.String(), realCode, realOut)
		}
	}
}

func real(t *testing.T, cli string, args []string) (stdout string, code int) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), cli, args...)
	cmd.Env = append(os.Environ(), "AWS_ACCESS_KEY_ID=test", "AWS_SECRET_ACCESS_KEY=test", "AWS_DEFAULT_REGION=ap-northeast-1",
		"AWS_CONFIG_FILE=/dev/null", "AWS_SHARED_CREDENTIALS_FILE=/dev/null", "AWS_PAGER=")
	out, err := cmd.Output()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return string(out), exit.ExitCode()
	}
	if err != nil {
		t.Fatal(err)
	}
	return string(out), 0
}
