// Package slackconnection is the config node for a Slack workspace: which bot
// speaks there, where to say what has no channel of its own, and in which
// language and time zone cards are written.
package slackconnection
