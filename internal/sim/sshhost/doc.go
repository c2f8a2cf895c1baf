// Package sshhost is a simulated host to log in to: a real SSH server in the
// process, with a small shell behind it instead of a machine.
//
// The shell knows quotes, variables, ; && || and newlines, a few commands (echo,
// true, false, sleep, exit, export, cat, env, sh -c), and `aws ec2` for the
// instances of a simulated EC2 ([toban/internal/sim/ec2]). It has no files, no
// pipes and no substitutions, and says so instead of guessing. Everything that
// was executed can be looked at afterwards, and the host can be told to
// misbehave ([Fault]).
package sshhost
