// Package command is the command node: it runs shell commands on a host over
// SSH and puts what they printed into a property.
//
// The text is a mustache template, and what it is filled with may come from a
// stranger: a mail's subject, a webhook's body. So a value may only be one
// harmless word (see [guard]); the template can quote it instead, with
// {{#sh}}…{{/sh}}, or the node can say raw.
//
// What happened decides where a run goes on: a command that was not started, or
// ended with a status other than 0, by a signal, or by the node's timer, goes to
// the catch nodes with the message untouched; one that was started and whose
// connection was then lost has an unknown outcome, and a person is asked.
package command
