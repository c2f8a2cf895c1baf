// Package e2e tests the server as people have it: the built binary as a process
// of its own, a real Dovecot, a real OpenSSH server, the real aws CLI (on a
// simulated EC2), and a simulated Slack workspace. Tests whose real parts are
// not on the machine are skipped, saying which.
package e2e
