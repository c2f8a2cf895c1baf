package emailin

import (
	"iter"
	"strings"
)

// ranges iterates over the ranges of a set's text form.
func ranges(text string) iter.Seq2[uint32, uint32] {
	return func(yield func(first, last uint32) bool) {
		for part := range strings.SplitSeq(text, ",") {
			from, to, isRange := strings.Cut(part, ":")
			if !isRange {
				to = from
			}
			first, last := parseUID(from), parseUID(to)
			if first == 0 || last < first {
				continue
			}
			if !yield(first, last) {
				return
			}
		}
	}
}
