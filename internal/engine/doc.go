// Package engine drives partitions. It gives each one an event loop, runs the
// nodes' code in it, performs effects outside it, commits the partition's cuts,
// keeps questions and their deadlines, and recovers all of it after a crash.
//
// The promises are kept in three places: nothing is acknowledged and no effect
// starts before the cut that says so is committed (commit.go), an effect that
// was reserved and not confirmed is never simply repeated (recover.go,
// unknown.go), and a question ends by one compare-and-swap in the store
// (answer.go).
package engine
