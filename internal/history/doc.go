// Package history reads a run's journal for display: on pages, in the editor and over
// the API. What stands for somebody's identity in the requests of http in nodes
// (Authorization, Cookie, signatures …) is in the journal, because the run may need it
// after a restart, and is masked here: whoever may look at a run must not be able to act
// as its callers.
//
// Nothing else makes a history for people; internal/policy looks after that.
package history
