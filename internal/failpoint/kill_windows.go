//go:build failpoints && windows

package failpoint

import "os"

// kill ends the process at once; Windows has no signals.
func kill() { os.Exit(137) }
