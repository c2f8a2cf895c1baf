package cputime

import (
	"syscall"
	"time"
)

// Used gives the processor time of this process so far, on all processors.
func Used() time.Duration {
	self, err := syscall.GetCurrentProcess()
	if err != nil {
		panic(err)
	}
	var created, exited, kernel, user syscall.Filetime
	if err := syscall.GetProcessTimes(self, &created, &exited, &kernel, &user); err != nil {
		panic(err) // the arguments are our own
	}
	return 100 * time.Duration(ticks(kernel)+ticks(user))
}

// ticks are units of 100 ns; Filetime.Nanoseconds counts from 1601, which this is no time of.
func ticks(f syscall.Filetime) int64 { return int64(f.HighDateTime)<<32 | int64(f.LowDateTime) }
