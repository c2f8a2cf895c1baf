// Package cputime says how much work a test took. Unlike the time on the wall, that
// does not depend on what else the machine does, so a bound on it is no flaky one.
package cputime
