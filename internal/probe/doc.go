// Package probe tries the connections of a flow to the outside: it logs in to a
// mailbox and opens its folder (read-only), logs in to an SSH host without
// running anything, and asks Slack about tokens, scopes and channels. It changes
// nothing and posts nothing.
//
// `toban doctor` tries what is deployed. A [Prober] tries what somebody is just
// typing in the editor, and pins the key of a host. A stored secret is sent only
// to where it was stored for: whoever changes the host or the user types it again.
package probe
