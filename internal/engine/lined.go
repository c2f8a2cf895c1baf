package engine

// lined counts the effects that wait for a free slot, by run. A host that is
// slower than the mails come would otherwise fill the memory with runs: the
// events that are too many wait outside, where they are safe.
type lined map[string]int

func (l lined) add(run string) { l[run]++ }

func (l lined) remove(run string) {
	if l[run]--; l[run] <= 0 {
		delete(l, run)
	}
}

// absorb adds another partition's.
func (l lined) absorb(other lined) {
	for run, n := range other {
		l[run] += n
	}
}
