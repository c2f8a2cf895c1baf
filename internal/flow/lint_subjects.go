package flow

import (
	"slices"
	"strings"

	"toban/internal/message"
)

// What the subjects of AWS's maintenance mails contained until 2018, and how those
// seen since then read. Since December 2025 the mails come as managed
// notifications, for whose subjects there is no fixed wording to give.
var (
	oldSubjects   = []string{"Amazon EC2 Maintenance - Maintenance", "[Retirement Notification]"}
	newerSubjects = []string{
		"Amazon EC2 Instance Retirement [AWS Account: ",
		"Amazon EC2 Maintenance: Instance scheduled for reboot [AWS Account ID: ",
	}
)

// outdatedSubjects: a filter that only lets mails through whose subjects AWS
// doesn't use any more; today's end in silence.
func outdatedSubjects(n *Node) error {
	if property := n.Props.Text("property"); property != "topic" && property != "subject" {
		return nil
	}
	rules, _ := n.Props.Get("rules").(*message.Array)
	if rules == nil {
		return nil
	}
	outdated := ""
	for _, item := range rules.All() {
		rule, ok := item.(*message.Object)
		if !ok || !comparesText(rule) {
			return nil // it may let today's mails through
		}
		switch text := rule.Text("v"); {
		case containsAny(text, oldSubjects):
			outdated = text
		case slices.ContainsFunc(newerSubjects, func(s string) bool { return strings.Contains(s, text) }), containsAny(text, newerSubjects):
			return nil
		}
	}
	if outdated == "" {
		return nil
	}
	return trap("flow.lint.outdated_subjects", n, "subject", outdated)
}

// comparesText: the rule says that the text is equal to, or contains, a fixed one.
func comparesText(rule *message.Object) bool {
	t, kind := rule.Text("t"), rule.Text("vt")
	return (t == "eq" || t == "cont") && (kind == "" || kind == "str")
}

func containsAny(text string, parts []string) bool {
	return slices.ContainsFunc(parts, func(part string) bool { return strings.Contains(text, part) })
}
