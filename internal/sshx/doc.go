// Package sshx runs commands on other machines over SSH.
//
// A [Client] stands for one configured connection. It dials when it is first
// needed, keeps the connection alive while it is in use, runs several sessions
// on it at once (bounded), and closes it when nobody has used it for a while.
//
// # Trust
//
// Host keys are always verified: against the key that the connection pins, or
// against known_hosts files. An unknown and a changed key are different errors,
// and both show the fingerprint. There is no switch that turns this off.
//
// # How a command is run
//
// The text goes to the server as it is, in one "exec" request, and the server
// hands it to the login shell: several lines, leading blanks, quotes and
// backticks arrive untouched. One timer covers the whole text.
//
// # How a command is ended when its time is up
//
// A signal request (TERM, then KILL) reaches the process group of the command,
// and closing a session that has a terminal hangs it up. But OpenSSH ignores
// signal requests when the login is root, and without a terminal a closed
// session ends nothing. So for root, when there is a timer and no terminal, the
// login shell is asked to name its process id first: a fixed, quoted command is
// put in front of the text, on the same line, in the same shell
// (see [Command.Timeout]). The text itself stays verbatim and keeps its line
// numbers. With that id a second session ends every process of the command's
// session and sees whether any is left.
//
// The second session is opened only when the id was seen: it proves that our
// text reaches a shell. On a host whose key has a forced command, which runs
// whatever we send, a second session would run that command a second time.
package sshx
