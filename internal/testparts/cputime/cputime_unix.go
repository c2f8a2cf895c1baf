//go:build unix

package cputime

import (
	"syscall"
	"time"
)

// Used gives the processor time of this process so far, on all processors.
func Used() time.Duration {
	var use syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &use); err != nil {
		panic(err) // the arguments are constants
	}
	return time.Duration(use.Utime.Nano() + use.Stime.Nano())
}
