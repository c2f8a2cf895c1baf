// Package crash kills a real `toban serve` at every failpoint and at random
// moments, starts it again, and checks the promises by what the world outside saw:
// a real SSH host whose commands leave a line each, a Slack workspace, a mailbox
// and a client of a webhook.
//
//	go test ./e2e/crash                                   every failpoint once
//	go test ./e2e/crash -run TestSoak -args -soak 1h      random ones, until the time is up
//	go test ./e2e/crash -run TestSoak -args -seed N       one history of it again
package crash
