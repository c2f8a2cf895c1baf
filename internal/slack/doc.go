// Package slack is the way to Slack and back.
//
// A [Gateway] serves one workspace connection: clicks come in over Socket Mode
// (or over HTTP, signed) and are acknowledged before anything else is done;
// messages go out over the Web API, paced per channel, retried where that can't
// post twice, and split where Slack would cut them. A [Hub] holds the gateways
// of all connections and is the engine's [node.Desk].
//
// Questions are posted as cards. What a flow gives as Slack's legacy attachment
// JSON is translated to blocks on the way out, and the click is given back in
// the legacy shape, so that flows of 2018 read what they read then. A button is
// found again by the question's opaque id in its block id, and its choice by the
// index in its action id; nothing of the flow's own (callback_id, value) is
// trusted for that.
//
// Text from outside goes through [Escape] before it stands in a message: it
// can't mention, hide a link, or break out of a code fence.
package slack
