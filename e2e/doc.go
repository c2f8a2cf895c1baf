// Package e2e tests the server as people have it: the built binary as a process
// of its own, a real Dovecot, a real OpenSSH server, the real aws CLI (on a
// simulated EC2), a real browser, and a simulated Slack workspace. Tests whose
// real parts are not on the machine are skipped, saying which.
//
// What happens in the browser is written in JavaScript, in browser/. A step that
// fails is named in the test's log, with the path of a picture of the page;
// TOBAN_SHOTS names a folder to keep pictures in. With TOBAN_PICTURES=docs/pictures
// (as an absolute path), TestEditor takes the pictures of the README instead.
package e2e
