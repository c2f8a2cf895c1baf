//go:build failpoints

package failpoint

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// On reports whether this program was built with the tag failpoints.
const On = true

// The environment of a program that was built with the tag.
const (
	armVar    = "TOBAN_FAILPOINT"        // NAME or NAME:N
	traceVar  = "TOBAN_FAILPOINT_TRACE"  // a file that gets the name of each point that is reached
	soonerVar = "TOBAN_FAILPOINT_SOONER" // the longest that Sooner gives, a Go duration
)

var (
	armed, nth = arm(os.Getenv(armVar))
	trace      = openTrace(os.Getenv(traceVar))
	longest    = patience(os.Getenv(soonerVar))
	hits       atomic.Int64 // of the armed point
)

// Here marks a point in the code. The process ends here if it is the one.
func Here(p Point) {
	if trace != nil {
		_, _ = trace.WriteString(string(p) + "\n") // one write: lines don't mix
	}
	if p == armed && hits.Add(1) == nth {
		kill()
		select {} // not one more instruction of the caller
	}
}

// Sooner gives a pause, or the shorter one that a test asks for.
func Sooner(pause time.Duration) time.Duration {
	if longest > 0 {
		return min(pause, longest)
	}
	return pause
}

// arm reads which point kills. A wrong name must not make a test pass.
func arm(text string) (Point, int64) {
	if text == "" {
		return "", 0
	}
	name, count, counted := strings.Cut(text, ":")
	n := int64(1)
	if counted {
		var err error
		if n, err = strconv.ParseInt(count, 10, 32); err != nil || n < 1 {
			panic(fmt.Sprintf("%s=%s: no count", armVar, text))
		}
	}
	for _, b := range All() {
		if b.Point == Point(name) {
			return b.Point, n
		}
	}
	panic(fmt.Sprintf("%s=%s: no such failpoint", armVar, text))
}

func openTrace(path string) *os.File {
	if path == "" {
		return nil
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		panic(err)
	}
	return f
}

func patience(text string) time.Duration {
	if text == "" {
		return 0
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		panic(err)
	}
	return d
}
