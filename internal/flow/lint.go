package flow

import (
	"regexp"
	"strings"

	"toban/internal/locale"
	"toban/internal/message"
)

// Lint finds what runs but is likely to surprise the person on duty: traps that
// can be seen without running the flow. All of it is warnings.
func Lint(g *Graph) []Problem {
	var found []Problem
	for _, n := range g.Order {
		for _, check := range checks[n.Type] {
			if err := check(n); err != nil {
				p := Problem{Node: n.ID, Type: n.Type, Name: n.Name, Flow: n.Flow.ID, Err: err, Warning: true}
				found = append(found, p)
			}
		}
	}
	return found
}

// checks are the rules by node type. A rule gives nil if it finds nothing.
var checks = map[string][]func(*Node) error{
	"switch":    {sameTarget, outdatedSubjects},
	"change":    {severalMatches},
	"command":   {lostExitCode, shortWait, rawCommand, uncaught},
	"slack-ask": {deadAnswer, uncaught},
}

func trap(key string, n *Node, pairs ...any) error {
	return locale.Errorf(key, append([]any{"node", label(n.Props)}, pairs...)...)
}

// sameTarget: a message that meets two rules goes to the same node twice, and
// all that follows is done twice.
func sameTarget(n *Node) error {
	if n.Props.Get("checkall") == "false" {
		return nil
	}
	ports := map[*Node]int{}
	for port, targets := range n.Wires {
		for _, t := range targets {
			if first, twice := ports[t]; twice && first != port {
				return trap("flow.lint.same_target", n, "target", label(t.Props))
			}
			ports[t] = port
		}
	}
	return nil
}

// severalMatches: an expression that takes groups out of $match gives a list when
// the text matches more than once, and nothing when it doesn't.
func severalMatches(n *Node) error {
	rules, _ := n.Props.Get("rules").(*message.Array)
	if rules == nil {
		return nil
	}
	for _, item := range rules.All() {
		rule, ok := item.(*message.Object)
		if !ok || rule.Text("tot") != "jsonata" {
			continue
		}
		if e := rule.Text("to"); strings.Contains(e, "$match(") && strings.Contains(e, ".groups") {
			return trap("flow.lint.several_matches", n, "property", rule.Text("p"))
		}
	}
	return nil
}

var chained = regexp.MustCompile(`(&&|\|\||\||\\)\s*$|^\s*(#|set -\w*e)`)

// lostExitCode: of several lines, only the last one's exit code counts.
func lostExitCode(n *Node) error {
	var lines []string
	for line := range strings.Lines(n.Props.Text("command")) {
		if strings.TrimSpace(line) != "" {
			lines = append(lines, line)
		}
	}
	for i, line := range lines {
		if i < len(lines)-1 && !chained.MatchString(strings.TrimRight(line, "\r\n")) {
			return trap("flow.lint.lost_exit_code", n, "line", strings.TrimSpace(line))
		}
		if strings.HasPrefix(strings.TrimSpace(line), "set -") && chained.MatchString(line) {
			return nil
		}
	}
	return nil
}

// awsWait is how long `aws … wait` may take: 40 polls, 15 s apart.
const awsWait = 600

var waits = regexp.MustCompile(`\baws\b[^\n]*\bwait\b`)

// shortWait: the timer runs out while the AWS CLI may still be waiting.
func shortWait(n *Node) error {
	timer := message.ToNumber(n.Props.Get("timer"))
	if timer > 0 && timer < awsWait && waits.MatchString(n.Props.Text("command")) {
		return trap("flow.lint.short_wait", n, "timer", message.FormatNumber(timer), "wait", awsWait)
	}
	return nil
}

// rawCommand: a command that lets text from outside through unchecked.
func rawCommand(n *Node) error {
	if n.Props.Get("raw") == true && strings.Contains(n.Props.Text("command"), "{{") {
		return trap("flow.lint.raw_command", n)
	}
	return nil
}

// deadAnswer: nothing follows a question.
func deadAnswer(n *Node) error {
	for _, targets := range n.Wires {
		if len(targets) > 0 {
			return nil
		}
	}
	return trap("flow.lint.dead_answer", n)
}

// uncaught: no catch node hears of a failure.
func uncaught(n *Node) error {
	if len(n.Catchers) == 0 {
		return trap("flow.lint.uncaught", n)
	}
	return nil
}
