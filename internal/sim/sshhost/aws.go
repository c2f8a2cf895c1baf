package sshhost

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"toban/internal/sim/ec2"
)

// Exit statuses of the aws CLI.
const (
	rcUsage         = 252
	rcConfiguration = 253
	rcService       = 254
	rcGeneral       = 255
)

// call is one invocation of `aws ec2`.
type call struct {
	operation string
	state     string // of wait
	ids       []string
	query     string
	output    string
}

// aws is the command; its texts are those that people know from the real one.
func aws(sh *shell, args []string, st streams) int {
	c, err := parseCall(args)
	if err != nil {
		st.complain("\nusage: aws [options] <command> <subcommand> [<subcommand> ...] [parameters]\n\naws: error: %v", err)
		return rcUsage
	}
	if sh.fault == NoCredentials {
		st.complain("\nUnable to locate credentials. You can configure credentials by running \"aws configure\".")
		return rcConfiguration
	}
	if c.operation == "wait" {
		return sh.wait(c, st)
	}
	answer, err := sh.answer(c)
	if err != nil {
		return serviceError(c, err, st)
	}
	return c.print(answer, st)
}

func (sh *shell) answer(c call) (any, error) {
	cloud := sh.host.cloud
	switch c.operation {
	case "stop-instances":
		changes, err := cloud.Stop(c.ids...)
		return changed("StoppingInstances", changes), err
	case "start-instances":
		changes, err := cloud.Start(c.ids...)
		return changed("StartingInstances", changes), err
	default:
		found, err := cloud.Describe(c.ids...)
		return described(found), err
	}
}

func serviceError(c call, err error, st streams) int {
	apiErr, ok := errors.AsType[*ec2.Error](err)
	if !ok {
		st.complain("%v", err)
		return rcGeneral
	}
	operation := map[string]string{
		"stop-instances": "StopInstances", "start-instances": "StartInstances",
	}[c.operation]
	if operation == "" {
		operation = "DescribeInstances"
	}
	st.complain("\nAn error occurred (%s) when calling the %s operation: %s", apiErr.Code, operation, apiErr.Message)
	return rcService
}

func (c call) print(answer any, st streams) int {
	if c.query != "" {
		q, err := parseQuery(c.query)
		if err != nil {
			st.complain("\naws: error: Bad value for --query %s: %v", c.query, err)
			return rcUsage
		}
		answer = q.eval(answer)
	}
	if c.output == "text" {
		_, _ = fmt.Fprint(st.out, text(answer))
		return 0
	}
	indented, err := json.MarshalIndent(answer, "", "    ")
	if err != nil {
		st.complain("%v", err)
		return rcGeneral
	}
	_, _ = fmt.Fprintln(st.out, string(indented))
	return 0
}

// wait polls until the instances are in a state, as the CLI's waiters do.
func (sh *shell) wait(c call, st streams) int {
	name := map[string]string{"running": "InstanceRunning", "stopped": "InstanceStopped"}[c.state]
	for range sh.host.options.Polls {
		found, err := sh.host.cloud.Describe(c.ids...)
		if apiErr, ok := errors.AsType[*ec2.Error](err); ok && (c.state != "running" || apiErr.Code != "InvalidInstanceID.NotFound") {
			st.complain("\nWaiter %s failed: An error occurred (%s): %s", name, apiErr.Code, apiErr.Message)
			return rcGeneral
		}
		there := len(found) > 0
		for _, i := range found {
			if hopeless(ec2.State(c.state), i.State) {
				st.complain("\nWaiter %s failed: Waiter encountered a terminal failure state: %s is %s", name, i.ID, i.State)
				return rcGeneral
			}
			there = there && string(i.State) == c.state
		}
		if there {
			return 0
		}
		if !sh.pause(sh.host.options.Poll) {
			return rcGeneral
		}
	}
	st.complain("\nWaiter %s failed: Max attempts exceeded", name)
	return rcGeneral
}

// hopeless: no waiting leads from is to want.
func hopeless(want, is ec2.State) bool {
	switch is {
	case ec2.Terminated:
		return true
	case ec2.Pending:
		return want == ec2.Stopped
	case ec2.Stopping:
		return want == ec2.Running
	}
	return false
}

// parseCall reads the arguments as the CLI does: an option may be shortened as
// long as it is clear which one is meant (--instance-id).
func parseCall(args []string) (call, error) {
	c := call{output: "json"}
	var words []string
	for i := 0; i < len(args); i++ {
		if !strings.HasPrefix(args[i], "--") {
			words = append(words, args[i])
			continue
		}
		name, value, joined := strings.Cut(args[i], "=")
		option, err := known(name)
		if err != nil {
			return c, err
		}
		values := []string{value}
		if !joined {
			values = nil
			for i+1 < len(args) && !strings.HasPrefix(args[i+1], "--") && (len(values) == 0 || option == "--instance-ids") {
				i++
				values = append(values, args[i])
			}
		}
		if len(values) == 0 {
			return c, fmt.Errorf("argument %s: expected at least one argument", option)
		}
		switch option {
		case "--instance-ids":
			c.ids = append(c.ids, values...)
		case "--query":
			c.query = values[0]
		case "--output":
			c.output = values[0]
		}
	}
	return c, c.check(words)
}

func known(name string) (string, error) {
	var match []string
	for _, option := range []string{"--endpoint-url", "--instance-ids", "--output", "--profile", "--query", "--region"} {
		if option == name {
			return option, nil
		}
		if strings.HasPrefix(option, name) {
			match = append(match, option)
		}
	}
	switch len(match) {
	case 0:
		return "", fmt.Errorf("Unknown options: %s", name) //nolint:staticcheck // the CLI's own text
	case 1:
		return match[0], nil
	}
	return "", fmt.Errorf("ambiguous option: %s could match %s", name, strings.Join(match, ", "))
}

func (c *call) check(words []string) error {
	if len(words) < 2 || words[0] != "ec2" {
		return errors.New("the simulated host knows `aws ec2` only")
	}
	c.operation = words[1]
	rest := words[2:]
	switch c.operation {
	case "describe-instances", "stop-instances", "start-instances":
	case "wait":
		if len(rest) == 0 || rest[0] != "instance-running" && rest[0] != "instance-stopped" {
			return errors.New("argument waiter: the simulation has instance-running and instance-stopped")
		}
		c.state = strings.TrimPrefix(rest[0], "instance-")
		rest = rest[1:]
	default:
		return fmt.Errorf("argument operation: Invalid choice: %s", c.operation)
	}
	switch {
	case len(rest) > 0:
		return fmt.Errorf("Unknown options: %s", strings.Join(rest, ", ")) //nolint:staticcheck // the CLI's own text
	case len(c.ids) == 0 && (c.operation == "start-instances" || c.operation == "stop-instances"):
		return errors.New("the following arguments are required: --instance-ids")
	case c.output != "text" && c.output != "json":
		return fmt.Errorf("argument --output: the simulation has json and text")
	}
	return nil
}
