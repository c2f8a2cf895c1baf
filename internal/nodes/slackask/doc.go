// Package slackask is the slack-ask node: it asks people in a Slack channel by
// buttons and waits. The run goes on with msg.answer (the button that counted)
// and msg.payload (the interaction in the shape of 2018); nothing else of the
// message changes. A question that nobody answers in time is an error for the
// catch nodes.
package slackask
