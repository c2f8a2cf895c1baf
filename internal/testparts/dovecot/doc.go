// Package dovecot runs a real Dovecot IMAP server for tests: a child process
// with a configuration and mail folders of its own, on free loopback ports, so
// that it disturbs nothing else on the machine.
package dovecot
