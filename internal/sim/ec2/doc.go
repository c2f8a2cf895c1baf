// Package ec2 simulates the part of Amazon EC2 that a runbook touches:
// instances with names that are started and stopped, and pass through the same
// states as real ones.
//
// A [Cloud] is used in three ways: by Go code, through EC2's Query API over
// HTTP (the aws CLI works with it: --endpoint-url), and through package sshhost,
// whose aws command is simulated. All three see the same instances.
package ec2
