//go:build !failpoints

package failpoint

import "time"

// On reports whether this program was built with the tag failpoints.
const On = false

// Here marks a point in the code.
func Here(Point) {}

// Sooner gives a pause; with the tag, the shorter one that a test asks for.
func Sooner(pause time.Duration) time.Duration { return pause }
