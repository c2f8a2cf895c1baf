// Package sshd runs a real OpenSSH server for tests: a child process on a
// loopback port with its own configuration, host key and authorized key. A
// test that calls it is skipped, with the reason, where the program is missing.
package sshd
