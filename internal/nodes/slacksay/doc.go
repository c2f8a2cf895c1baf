// Package slacksay is the slack-say node: it posts a text or a message of its
// own to a Slack channel, and with gonext passes the message on once Slack has
// taken the post.
package slacksay
