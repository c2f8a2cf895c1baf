// Package failpoint names the durable boundaries: the moments before and after
// something is stored, or told to the outside world. A crash at any of them must
// keep the promises.
//
// In a program that is built with the tag failpoints, the environment variable
// TOBAN_FAILPOINT=NAME or NAME:N makes the process kill itself (SIGKILL: nothing
// is flushed, no deferred function runs) when it comes to the point for the Nth
// time. Without the tag, [Here] is an empty function that the compiler removes;
// no program that people run has any of this.
package failpoint
