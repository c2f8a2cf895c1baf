// Package demo is `toban demo`: the real server with everything around it
// simulated, in one process. The simulated mailbox is a real IMAP server, the
// simulated host a real SSH server whose aws command works on a simulated EC2,
// and the simulated Slack speaks the Web API and Socket Mode. A page shows them
// side by side; the automatic story plays the same in the terminal.
package demo
