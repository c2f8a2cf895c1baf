// Package slack is a simulated Slack workspace that speaks Slack's real
// protocol: the Web API under /api/ and Socket Mode over a websocket. A client
// library pointed at it by SLACK_API_URL can't tell the difference in what it
// uses: authentication and scopes, posting, updating and reading messages,
// ephemeral messages, users, channels, and button clicks as `interactive`
// envelopes that must be acknowledged.
//
// People are played by [Workspace.Click]; what they would see is in
// [Workspace.Messages] and [Workspace.Ephemerals]. [Workspace.Fail] makes calls
// fail the way Slack's do. [Workspace.PageAPI] and [Workspace.RenderHTML] are for
// the demo's page.
//
// The limits and errors are Slack's documented ones, so that a message that
// Slack would refuse is refused here.
package slack
